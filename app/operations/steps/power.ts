import { DateTime } from 'luxon'
import { DriverError } from '#drivers/errors'
import type { RemoteInstance } from '#drivers/contract'
import { TaskFailed } from '#drivers/settle'
import ConsoleSession from '#models/console_session'
import type { StepContext } from '#operations/definition'

/** Asks the guest to stop; one that does not hear has its plug pulled. Stopped already: succeeds. */
export async function stopFirmly<Input>({
  instance,
  driver,
  settle,
  signal,
}: StepContext<Input>): Promise<void> {
  await ConsoleSession.letGo(instance, signal)
  try {
    await settle(await driver.instances.power(instance.ref, 'stop'))
  } catch (error) {
    if (!(error instanceof TaskFailed)) throw error
    await settle(await driver.instances.power(instance.ref, 'force_stop'))
  }
}

export async function start<Input>({
  instance,
  driver,
  settle,
}: StepContext<Input>): Promise<void> {
  await settle(await driver.instances.power(instance.ref, 'start'))
}

/** What the cluster has under the instance's name. @throws DriverError not_found */
export async function remoteOrFail<Input>({
  instance,
  driver,
}: StepContext<Input>): Promise<RemoteInstance> {
  const remote = await driver.instances.find(instance.ref)
  if (remote) return remote
  throw new DriverError('not_found', 'the cluster no longer has this instance')
}

/** Writes down what the cluster shows. */
export async function observe<Input>(context: StepContext<Input>): Promise<void> {
  const { instance } = context
  const remote = await remoteOrFail(context)
  instance.powerState = remote.power
  if (remote.power === 'running' || remote.power === 'stopped') instance.wantedPower = remote.power
  instance.observedAt = DateTime.utc()
  await instance.save()
}
