import { defineOperation, type StepContext } from '#operations/definition'

/** Megabits per second each way that are left; null: what it was sold. */
export type ThrottleInstance = { mbps: number | null }

export default defineOperation<ThrottleInstance>({
  type: 'instance.throttle',
  steps: [{ name: 'limit_bandwidth', run: limit, undo: unlimit }],
  async close({ operation, instance }, ending, trx) {
    if (ending !== 'succeeded') return
    const { mbps } = operation.input
    await trx.from('instances').where('id', instance.id).update({ throttled_mbps: mbps })
  },
})

async function limit({ input, instance, driver, settle }: StepContext<ThrottleInstance>) {
  await settle(await driver.instances.resize(instance.ref, instance.sizeAt(input.mbps)))
}

async function unlimit({ instance, driver, settle }: StepContext<ThrottleInstance>) {
  await settle(await driver.instances.resize(instance.ref, instance.size))
}
