import { DriverError } from '#drivers/errors'
import type { StepContext } from '#operations/definition'

/*
| An account of the cluster for the consoles of one instance, where the cluster's owner wants that. No instance waits
| for it: one that cannot be made is made when a console is opened, one that cannot be removed by the next comparison.
*/

export async function provideConsoleAccount<Input>(context: StepContext<Input>): Promise<void> {
  const { instance, driver } = context
  await unlessRefused(context, () => driver.consoleAccounts!.provide(instance.ref, instance.uid))
}

export async function withdrawConsoleAccount<Input>(context: StepContext<Input>): Promise<void> {
  const { instance, driver } = context
  await unlessRefused(context, () => driver.consoleAccounts!.withdraw(instance.uid))
}

async function unlessRefused<Input>(
  { driver, progress }: StepContext<Input>,
  work: () => Promise<void>
): Promise<void> {
  if (!driver.consoleAccounts?.isOn) return
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DriverError) || error.retryable) throw error
    await progress(`the account for its consoles: ${error.message}`)
  }
}
