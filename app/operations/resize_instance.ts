import { reserve, type Sold } from '#models/resize'
import { sizeOf } from '#models/size'
import { defineOperation, type StepContext } from '#operations/definition'

export type ResizeInstance = { from: Sold; to: Sold }

type Context = StepContext<ResizeInstance>

/** Live, where the cluster can. A disk only grows: what is taken back leaves it as it is, and it is counted so. */
export default defineOperation<ResizeInstance>({
  type: 'instance.resize',
  steps: [{ name: 'resize', run: resize, undo: resizeBack }],
  async close({ operation, instance }, ending, trx) {
    const { from, to } = operation.input as ResizeInstance
    if (ending === 'succeeded') {
      instance.merge(to)
      await reserve(instance, to, trx)
      return
    }
    const hasBegun = operation.steps.length > 0
    await reserve(instance, { ...from, diskGib: hasBegun ? instance.diskGib : from.diskGib }, trx)
  },
})

async function resize({ input, instance, driver, settle }: Context) {
  await settle(
    await driver.instances.resize(instance.ref, sizeOf(input.to, instance.throttledMbps))
  )
}

async function resizeBack({ input, instance, driver, settle }: Context) {
  const remote = await driver.instances.find(instance.ref)
  if (!remote) return
  const diskGib = Math.max(input.from.diskGib, remote.size.diskGib)
  const size = sizeOf({ ...input.from, diskGib }, instance.throttledMbps)
  await settle(await driver.instances.resize(instance.ref, size))
  await instance.merge({ diskGib }).save()
}
