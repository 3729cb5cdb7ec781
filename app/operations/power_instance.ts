import type { PowerAction } from '#drivers/contract'
import ConsoleSession from '#models/console_session'
import { defineOperation, type StepContext } from '#operations/definition'
import { observe } from '#operations/steps/power'

export type PowerInstance = { action: PowerAction }

export default defineOperation<PowerInstance>({
  type: 'instance.power',
  steps: [
    { name: 'power', run: power },
    { name: 'observe', run: observe },
  ],
})

async function power({ input, instance, driver, settle, signal }: StepContext<PowerInstance>) {
  await ConsoleSession.letGo(instance, signal)
  await settle(await driver.instances.power(instance.ref, input.action))
}
