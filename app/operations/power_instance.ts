import { DateTime } from 'luxon'
import type { PowerAction } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { defineOperation, type StepContext } from '#operations/definition'

export type PowerInstance = { action: PowerAction }

export default defineOperation<PowerInstance>({
  type: 'instance.power',
  steps: [
    { name: 'power', run: power },
    { name: 'observe', run: observe },
  ],
})

async function power({ input, instance, driver, settle }: StepContext<PowerInstance>) {
  await settle(await driver.instances.power(instance.ref, input.action))
}

async function observe({ instance, driver }: StepContext<PowerInstance>) {
  const remote = await driver.instances.find(instance.ref)
  if (!remote) throw new DriverError('not_found', 'the cluster no longer has this instance')
  instance.powerState = remote.power
  instance.observedAt = DateTime.utc()
  await instance.save()
}
