import type { SnapshotTree } from '#drivers/contract'
import type Snapshot from '#models/snapshot'

/** A snapshot where it stands among the others. */
export type Grown = {
  snapshot: Snapshot
  /** How many came before it. */
  depth: number
  /** The one that it came of. */
  after: Snapshot | null
  /** The disk of now came of it. */
  isNow: boolean
}

/** Each below the one that it came of; without a tree as they are, newest first. */
export function grown(snapshots: Snapshot[], tree: SnapshotTree | null): Grown[] {
  const flat = snapshots.map((snapshot) => ({ snapshot, depth: 0, after: null, isNow: false }))
  if (!tree) return flat
  const known = new Map(snapshots.map((snapshot) => [snapshot.uid, snapshot]))
  // One that somebody made there by hand is passed over: what came of it came of the one before.
  const parentOf = ({ uid }: Snapshot): Snapshot | null => {
    const seen = new Set([uid])
    for (let name = tree.parents[uid] ?? null; name && !seen.has(name);) {
      const found = known.get(name)
      if (found) return found
      seen.add(name)
      name = tree.parents[name] ?? null
    }
    return null
  }
  const below = Map.groupBy(snapshots.toReversed(), parentOf)
  const from = (after: Snapshot | null, depth: number): Grown[] =>
    (below.get(after) ?? []).flatMap((snapshot) => [
      { snapshot, depth, after, isNow: tree.now === snapshot.uid },
      ...from(snapshot, depth + 1),
    ])
  const found = from(null, 0)
  // What leads back to itself hangs on nothing: better no tree than one that lacks them.
  return found.length === snapshots.length ? found : flat
}
