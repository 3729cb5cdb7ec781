import Snapshot from '#models/snapshot'
import { defineOperation, type StepContext } from '#operations/definition'
import { snapshotsOf } from '#operations/steps/snapshots'

/** `replacesId`: the oldest of its schedule, whose place it takes. */
export type CreateSnapshot = {
  snapshotId: number
  snapshot: string
  replacesId: number | null
}

type Context = StepContext<CreateSnapshot>

export default defineOperation<CreateSnapshot>({
  type: 'snapshot.create',
  steps: [{ name: 'snapshot', run: take, undo: drop }],
  async close({ operation }, ending, trx) {
    const { snapshotId, replacesId } = operation.input as CreateSnapshot
    if (ending === 'succeeded') await Snapshot.taken(snapshotId, replacesId, trx)
    else await Snapshot.giveUp(snapshotId, replacesId, trx)
  },
})

async function take(context: Context) {
  const { input, instance, settle } = context
  const { uid, name } = await Snapshot.findOrFail(input.snapshotId)
  await settle(await snapshotsOf(context).create(instance.ref, uid, name))
}

async function drop(context: Context) {
  const { input, instance, driver, settle } = context
  const { uid } = await Snapshot.findOrFail(input.snapshotId)
  if (driver.snapshots) await settle(await driver.snapshots.remove(instance.ref, uid))
}
