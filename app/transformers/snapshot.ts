import type CopySchedule from '#models/copy_schedule'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import type Snapshot from '#models/snapshot'
import { copySchedules } from '#transformers/copy_schedule'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { refusal } from '#transformers/instance_refusals'
import type { Grown } from '#transformers/snapshot_tree'

export type SnapshotState = 'creating' | 'deleting' | 'working' | 'active' | 'expired' | 'failed'

/** What a person reads as its state; `open`: the operation that is open on the instance. */
export function snapshotState(
  { id, takenAt, expiresAt }: Pick<Snapshot, 'id' | 'takenAt' | 'expiresAt'>,
  open: Pick<Operation, 'type' | 'input'> | null,
  now = Date.now()
): SnapshotState {
  if (open?.type === 'instance.delete') return 'deleting'
  if (((open?.input.snapshotIds ?? []) as number[]).includes(id)) return 'deleting'
  const isAbout = open?.input.snapshotId === id
  if (takenAt === null) return isAbout ? 'creating' : 'failed'
  if (isAbout && open?.type === 'snapshot.restore') return 'working'
  return expiresAt && expiresAt.toMillis() <= now ? 'expired' : 'active'
}

/** A line of an instance's snapshots. */
function snapshotItem(snapshot: Snapshot, instance: Instance, path: string) {
  const state = snapshotState(snapshot, instance.openOperation)
  return {
    uid: snapshot.uid,
    path: `${path}/${snapshot.uid}`,
    name: snapshot.name,
    state,
    isTaken: snapshot.takenAt !== null,
    rhythm: snapshot.rhythm,
    createdBy: snapshot.createdBy?.displayName ?? null,
    takenAt: snapshot.takenAt,
    expiresAt: snapshot.expiresAt,
  }
}

/** The snapshots of one instance, and what may be done. Needs `Instance.forPage`. */
export function snapshotsPage(
  instance: Instance,
  snapshots: Grown[],
  schedules: CopySchedule[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, 'snapshots')
  const path = `${frame.path}/snapshots`
  const used = snapshots.filter(({ snapshot: { slot } }) => slot !== null).length
  const taking = takingRefusal(instance, onlooker)
  const isFull = used >= instance.snapshotLimit
  return {
    frame,
    path,
    snapshots: snapshots.map(({ snapshot, depth, after, isNow }) => ({
      ...snapshotItem(snapshot, instance, path),
      depth,
      after: after?.name ?? null,
      isNow,
    })),
    used,
    limit: instance.snapshotLimit,
    /** Why none can be taken; null: one can. */
    taking: taking ?? (isFull ? ('limit' as const) : null),
    restoring: restoringRefusal(instance, onlooker),
    deleting: deletingRefusal(instance, onlooker),
    schedules: copySchedules(instance, schedules, {
      path: `${frame.path}/snapshot-schedules`,
      mostKept: instance.snapshotLimit,
      // It changes nothing in the cluster now, so nothing that goes on there is in its way.
      refusal: taking === 'busy' ? null : taking,
    }),
  }
}

/** One of them, before it is restored or deleted. */
export function snapshotPage(instance: Instance, snapshot: Snapshot, onlooker: Onlooker) {
  const frame = instanceFrame(instance, onlooker, 'snapshots')
  const path = `${frame.path}/snapshots`
  return {
    frame,
    listPath: path,
    snapshot: snapshotItem(snapshot, instance, path),
    restoring: restoringRefusal(instance, onlooker),
    deleting: deletingRefusal(instance, onlooker),
  }
}

const takingRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, { role: 'operator', at: 'made', facet: 'snapshots' })

const restoringRefusal = takingRefusal

const deletingRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, {
    role: 'operator',
    at: 'made',
    facet: 'snapshots',
    evenSuspended: true,
  })
