import { Guest, written } from '../guest.js'
import { Refusal } from '../refusal.js'
import { without } from '../values.js'
import type { Call, Routes } from './route.js'

export const CLONES: Routes = {
  'POST /nodes/{node}/lxc/{vmid}/clone': clone,
  'POST /nodes/{node}/lxc/{vmid}/template': ({ given, cluster }) => {
    const guest = cluster.unlocked(given)
    if (guest.isRunning) throw new Refusal(500, `CT ${given.vmid} is running`)
    guest.config.template = '1'
    guest.volume!.isBase = true
    return null
  },
}

/** Of a template its disk is shared, unless all of it is wanted. */
function clone({ given, who, cluster }: Call): string {
  const { node, vmid, newid, storage, target = node } = given
  const guest = cluster.unlocked(given)
  cluster.access.require(who, `/vms/${vmid}`, 'VM.Clone')
  cluster.access.require(who, `/vms/${newid}`, 'VM.Allocate')
  const taken = cluster.takenBy(Number(newid))
  if (taken) throw new Refusal(500, taken)
  const isFull = given.full === '1' || !guest.isTemplate
  if (isFull && guest.isRunning && !given.snapname) {
    throw new Refusal(500, 'Cannot do full clones on a running container without snapshots')
  }
  const place = storage ?? guest.volume!.storage
  cluster.storage(target!, place)
  const copy = new Guest(Number(newid), target!)
  copy.lock = 'create'
  cluster.guests.set(copy.vmid, copy)
  const from = guest.shownVolume().split(',')[0]
  return cluster.run(who, {
    ...{ type: 'vzclone', node: node!, id: vmid!, takesMs: cluster.paces.createMs },
    log: [
      isFull
        ? `create full clone of mountpoint rootfs (${from})`
        : `create linked clone of mount point rootfs (${from})`,
    ],
    done: () => {
      const nets = Object.keys(guest.config).filter((key) => /^net\d+$/.test(key))
      // Two with one address on a wire would not do.
      const anew = nets.map((key) => [key, guest.config[key]!.replace(/,hwaddr=[^,]+/, '')])
      const { hostname, description } = given
      copy.config = {
        ...without(guest.config, 'template'),
        ...written(Object.fromEntries(anew) as Record<string, string>),
        ...(hostname && { hostname }),
        ...(description && { description }),
      }
      copy.volume = { storage: place, gib: guest.volume!.gib, number: 0, isBase: false }
      copy.lock = null
    },
    undone: () => cluster.guests.delete(copy.vmid),
  })
}
