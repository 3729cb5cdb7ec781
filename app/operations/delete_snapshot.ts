import Snapshot from '#models/snapshot'
import { defineOperation, type StepContext } from '#operations/definition'
import { snapshotsOf } from '#operations/steps/snapshots'

export type DeleteSnapshot = { snapshotIds: number[]; snapshot: string }

/** Goes on until it is done. A place is free only when nothing is kept in it any more. */
export default defineOperation<DeleteSnapshot>({
  type: 'snapshot.delete',
  goesOn: true,
  steps: [{ name: 'remove_snapshot', run: remove }],
  async close({ operation }, ending, trx) {
    if (ending === 'succeeded') await Snapshot.release(operation.input.snapshotIds as number[], trx)
  },
})

async function remove(context: StepContext<DeleteSnapshot>) {
  const { input, instance, settle } = context
  const snapshots = await Snapshot.query().whereIn('id', input.snapshotIds).orderBy('id')
  for (const { uid } of snapshots) {
    await settle(await snapshotsOf(context).remove(instance.ref, uid))
  }
}
