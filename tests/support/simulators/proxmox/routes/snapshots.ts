import type { Guest } from '../guest.js'
import { Refusal } from '../refusal.js'
import type { Call, Routes } from './route.js'

const LIST = '/nodes/{node}/lxc/{vmid}/snapshot'
const RESERVED = ['current', 'vzdump', 'pending']

export const SNAPSHOTS: Routes = {
  [`GET ${LIST}`]: ({ given, cluster }) => {
    const guest = cluster.guest(given)
    return [
      ...guest.snapshots.map(({ name, description, takenAt, parent }) => ({
        name,
        description: description ? `${description}\n` : '',
        snaptime: takenAt,
        ...(parent && { parent }),
      })),
      {
        name: 'current',
        description: 'You are here!',
        running: guest.isRunning ? 1 : 0,
        digest: guest.digest,
        ...(guest.parent && { parent: guest.parent }),
      },
    ]
  },
  [`POST ${LIST}`]: take,
  [`DELETE ${LIST}/{snapname}`]: remove,
  [`POST ${LIST}/{snapname}/rollback`]: rollback,
  [`GET ${LIST}/{snapname}/config`]: ({ given, cluster }) => {
    const guest = cluster.guest(given)
    return guest.shownSnapshot(findOrFail(guest, given.snapname!))
  },
  [`PUT ${LIST}/{snapname}/config`]: ({ given, cluster }) => {
    const guest = cluster.unlocked(given)
    findOrFail(guest, given.snapname!).description = given.description ?? ''
    return null
  },
  'GET /nodes/{node}/lxc/{vmid}/feature': ({ given, cluster }) => {
    const guest = cluster.guest(given)
    return { hasFeature: given.feature === 'copy' || cluster.canSnapshot(guest) ? 1 : 0 }
  },
}

function take(call: Call): string {
  const { given, cluster } = call
  const name = given.snapname!
  if (RESERVED.includes(name)) {
    throw new Refusal(500, `unable to use snapshot name '${name}' (reserved name)`)
  }
  const guest = cluster.guest(given)
  return run(call, 'vzsnapshot', 'snapshot', {
    fails: () => {
      if (!cluster.canSnapshot(guest)) return 'snapshot feature is not available'
      return find(guest, name) ? `snapshot name '${name}' already used` : null
    },
    done: () => {
      guest.snapshots.push({
        name,
        description: given.description ?? '',
        takenAt: Math.floor(Date.now() / 1_000),
        config: { ...guest.config },
        parent: guest.parent,
      })
      guest.parent = name
    },
  })
}

function remove(call: Call): string {
  const { given, cluster } = call
  const name = given.snapname!
  const guest = cluster.guest(given)
  return run(call, 'vzdelsnapshot', 'snapshot-delete', {
    fails: () => missing(guest, name),
    done: () => {
      const { parent } = findOrFail(guest, name)
      guest.snapshots = guest.snapshots.filter((snapshot) => snapshot.name !== name)
      for (const child of guest.snapshots) if (child.parent === name) child.parent = parent
      if (guest.parent === name) guest.parent = parent
    },
  })
}

function rollback(call: Call): string {
  const { given, cluster } = call
  const name = given.snapname!
  const guest = cluster.guest(given)
  return run(call, 'vzrollback', 'rollback', {
    fails: () => missing(guest, name),
    done: () => {
      guest.stop()
      guest.config = { ...findOrFail(guest, name).config }
      guest.pending = {}
      guest.parent = name
      if (given.start === '1') guest.start()
    },
  })
}

/** Holds its lock while it works; one that meets somebody else's ends at once. */
function run(
  { given, who, cluster }: Call,
  type: string,
  lock: string,
  { fails, done }: { fails(): string | null; done(): void }
): string {
  const guest = cluster.guest(given)
  const refusal = guest.lock ? `CT is locked (${guest.lock})` : fails()
  if (!refusal) guest.lock = lock
  return cluster.run(who, {
    ...{ type, node: given.node!, id: given.vmid!, takesMs: cluster.paces.workMs, done },
    fails: () => refusal,
    after: () => {
      if (!refusal) guest.lock = null
    },
  })
}

function find(guest: Guest, name: string) {
  return guest.snapshots.find((snapshot) => snapshot.name === name) ?? null
}

function findOrFail(guest: Guest, name: string) {
  const found = find(guest, name)
  if (!found) throw new Refusal(500, missing(guest, name)!)
  return found
}

function missing(guest: Guest, name: string): string | null {
  return find(guest, name) ? null : `snapshot '${name}' does not exist`
}
