import type Operation from '#models/operation'
import type Snapshot from '#models/snapshot'
import { snapshotState } from '#transformers/snapshot'

/** Needs `createdBy`. `open`: the operation that is open on its instance. */
export function apiSnapshot(snapshot: Snapshot, open: Operation | null) {
  return {
    uid: snapshot.uid,
    name: snapshot.name,
    state: snapshotState(snapshot, open),
    /** Of the schedule that made it; null: somebody asked for it. */
    rhythm: snapshot.rhythm,
    created_by: snapshot.createdBy?.displayName ?? null,
    taken_at: snapshot.takenAt?.toISO() ?? null,
    expires_at: snapshot.expiresAt?.toISO() ?? null,
  }
}
