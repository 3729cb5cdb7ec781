import type { Cluster } from '../cluster.js'
import type { Guest } from '../guest.js'
import { Refusal } from '../refusal.js'
import { startRefusal } from './containers.js'
import type { Call, Routes } from './route.js'

const BYTES = 59_044_579

/** Copies of a container to elsewhere, and the container itself. */
export const MOVES: Routes = {
  'POST /nodes/{node}/vzdump': backUp,
  'POST /nodes/{node}/lxc/{vmid}/migrate': migrate,
}

function backUp({ given, who, cluster }: Call): string {
  const {
    node,
    vmid,
    storage: place = 'local',
    mode = 'snapshot',
    compress = '0',
    remove = '1',
  } = given
  if (!vmid || vmid.includes(',')) {
    throw new Refusal(500, 'only one container at a time is simulated')
  }
  cluster.access.require(who, `/vms/${vmid}`, 'VM.Backup')
  cluster.access.require(who, `/storage/${place}`, 'Datastore.AllocateSpace')
  const storage = cluster.storage(node!, place)
  if (!storage.content.includes('backup')) {
    throw new Refusal(500, `storage '${place}' does not support backups`)
  }
  const found = cluster.guests.get(Number(vmid))
  const guest = found?.node === node ? found : undefined
  const refusal = backupRefusal(cluster, node!, vmid, guest, place)
  const now = new Date()
  const file = `vzdump-lxc-${vmid}-${stamp(now)}.tar.zst`
  const status = guest?.isRunning ? 'running' : 'stopped'
  const method = guest?.isRunning ? mode : 'stop'
  if (!refusal) guest!.lock = 'backup'
  return cluster.run(who, {
    ...{ type: 'vzdump', node: node!, id: vmid, takesMs: cluster.paces.workMs },
    log: refusal
      ? []
      : [
          `INFO: starting new backup job: vzdump ${vmid} --node ${node} --remove ${remove} --mode ${mode} --storage ${place} --compress ${compress}`,
          `INFO: Starting Backup of VM ${vmid} (lxc)`,
          `INFO: Backup started at ${now.toISOString().slice(0, 19).replace('T', ' ')}`,
          `INFO: status = ${status}`,
          `INFO: CT Name: ${guest!.name}`,
          "INFO: including mount point rootfs ('/') in backup",
          `INFO: backup mode: ${method}`,
          'INFO: ionice priority: 7',
          ...(method === 'snapshot' ? ["INFO: create storage snapshot 'vzdump'"] : []),
          `INFO: creating vzdump archive '/var/lib/vz/dump/${file}'`,
          'INFO: Total bytes written: 183336960 (175MiB, 77MiB/s)',
          'INFO: archive file size: 56MB',
          ...(method === 'snapshot' ? ["INFO: cleanup temporary 'vzdump' snapshot"] : []),
          `INFO: Finished Backup of VM ${vmid} (00:00:03)`,
          `INFO: Backup finished at ${now.toISOString().slice(0, 19).replace('T', ' ')}`,
          'INFO: Backup job finished successfully',
        ],
    fails: () => refusal,
    done: () => {
      cluster.backups.push({
        ...{ storage: place, node: node!, file, vmid: guest!.vmid, bytes: BYTES },
        madeAt: Math.floor(now.getTime() / 1_000),
        notes: given['notes-template'] ?? null,
        config: { ...guest!.config },
        gib: guest!.volume!.gib,
      })
    },
    after: () => {
      if (!refusal) guest!.lock = null
    },
  })
}

function backupRefusal(
  cluster: Cluster,
  node: string,
  vmid: string,
  guest: Guest | undefined,
  place: string
): string | null {
  if (!guest) return `unable to find VM '${vmid}'`
  if (guest.lock) return `Backup of VM ${vmid} failed - CT is locked (${guest.lock})`
  const { avail } = cluster.space(node, cluster.storage(node, place))
  return avail < BYTES ? `Backup of VM ${vmid} failed - No space left on device` : null
}

function migrate({ given, who, cluster }: Call): string {
  const { node, vmid, target, restart, online } = given
  const guest = cluster.unlocked(given)
  if (target === node) throw Refusal.invalid({ target: 'target is local node.' })
  const there = cluster.node(target!)
  const wasRunning = guest.isRunning
  if (wasRunning && restart !== '1' && online !== '1') {
    throw new Refusal(500, "Can't migrate running container without --online or --restart")
  }
  const place = given['target-storage'] ?? guest.volume!.storage
  guest.lock = 'migrate'
  return cluster.run(who, {
    ...{ type: 'vzmigrate', node: node!, id: vmid!, takesMs: cluster.paces.workMs },
    log: [
      `starting migration of CT ${vmid} to node '${target}' (10.250.77.${cluster.nodes.indexOf(there) + 2})`,
      `found local volume '${guest.shownVolume().split(',')[0]}' (in current VM config)`,
    ],
    fails: () => {
      if (wasRunning && restart !== '1') return 'lxc live migration is currently not implemented'
      if (!there.isOnline) return 'migration aborted'
      if (!there.storages.some(({ name }) => name === place)) {
        return `storage '${place}' is not available on node '${target}'`
      }
      return guest.snapshots.length > 0 &&
        there.storages.find(({ name }) => name === place)!.type === 'dir'
        ? 'migration aborted'
        : null
    },
    done: () => {
      guest.stop()
      guest.node = target!
      guest.volume!.storage = place
      if (wasRunning && !startRefusal(guest, there.bridges)) guest.start()
    },
    after: () => (guest.lock = null),
  })
}

function stamp(time: Date): string {
  const [day, hours] = time.toISOString().slice(0, 19).split('T')
  return `${day!.replaceAll('-', '_')}-${hours!.replaceAll(':', '_')}`
}
