import type { Archive, BackupApi, InstanceSpec, RemoteTask, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { keyOf, noteOf, placeOf, type ProxmoxArchives } from '#drivers/proxmox/archives'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { requireStamp } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import { busy, configOf, requireNumber, type ProxmoxOptions } from '#drivers/proxmox/instances'
import type { ProxmoxPlacement } from '#drivers/proxmox/placement'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

/**
 * Archives of vzdump. No call of the API hands one out or takes one in: they stay on the cluster's storages for
 * backups, also when the guest goes.
 */
export class ProxmoxBackups implements BackupApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks,
    private readonly archives: ProxmoxArchives,
    private readonly placement: ProxmoxPlacement,
    private readonly options: ProxmoxOptions
  ) {}

  async pack(ref: string, name: string): Promise<RemoteTask> {
    requireArchiveName(name)
    const wanted: WantedState = { is: 'archived', archive: name }
    const guest = await this.guests.readOrFail(ref)
    const [running] = await this.tasks.runningOn(guest.node, ref)
    // Ours works for nobody else: one thing at a time is done to an instance.
    if (running && this.tasks.isOurs(running, 'vzdump')) return { id: running.id, ref, wanted }
    if (running) throw busy(running)
    if (await this.archives.named(name)) return this.tasks.over(ref, wanted)
    const storage = await this.archives.storageOn(guest.node)
    if (!storage) {
      throw new DriverError('unsupported', `node ${guest.node} has no storage for backups`)
    }
    const { data } = await this.client.request('POST', at('nodes', guest.node, 'vzdump'), {
      'vmid': ref,
      storage,
      'mode': 'snapshot',
      'compress': 'zstd',
      'notes-template': noteOf(name),
      // What others keep there is not ours to thin out.
      'remove': false,
    })
    return this.tasks.started(data, ref, wanted)
  }

  async read(_ref: string, name: string): Promise<Archive> {
    requireArchiveName(name)
    const archive = await this.archives.named(name)
    if (!archive) throw noSuchArchive()
    return { keptAs: keyOf(archive), sizeBytes: archive.sizeBytes }
  }

  async discard(ref: string, name: string): Promise<RemoteTask> {
    requireArchiveName(name)
    const archive = await this.archives.named(name)
    const wanted: WantedState = { is: 'unarchived', archive: name }
    return archive ? this.remove(keyOf(archive), ref, wanted) : this.tasks.over(ref, wanted)
  }

  async forget(keptAs: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'unarchived', archive: keptAs }
    const archive = await this.archives.at(keptAs)
    return archive ? this.remove(keptAs, '', wanted) : this.tasks.over('', wanted)
  }

  async unpack(spec: InstanceSpec, archive: Archive, source: string): Promise<RemoteTask> {
    requireNumber(spec.ref)
    if (!('keptAs' in archive)) {
      archive.stream.destroy()
      throw new DriverError('unsupported', 'Proxmox VE takes in no archives from elsewhere')
    }
    const wanted: WantedState = { is: 'unpacked', source }
    const left = await this.guests.read(spec.ref)
    if (left) {
      const [running] = await this.tasks.runningOn(left.node, spec.ref)
      if (running && this.tasks.isOurs(running, 'vzrestore')) {
        return { id: running.id, ref: spec.ref, wanted }
      }
      requireStamp(left, source)
      if (running) throw busy(running)
    }
    const kept = await this.archives.at(archive.keptAs)
    if (!kept) throw noSuchArchive()
    const [anyNode] = await this.guests.onlineNodes()
    const node = left?.node ?? kept.node ?? spec.node ?? anyNode!
    if (kept.node !== null && kept.node !== (spec.node ?? kept.node)) {
      throw new DriverError('not_found', `the archive is on node ${kept.node} only`)
    }
    const lack = await this.placement.lackOfRoom(node, {
      storagePool: spec.storagePool,
      network: spec.network,
      diskGib: spec.size.diskGib,
    })
    if (lack) throw lack
    const { data } = await this.client.request('POST', at('nodes', node, 'lxc'), {
      vmid: spec.ref,
      ostemplate: kept.volume,
      restore: true,
      // What an unpacking before this one left is overwritten.
      force: left ? true : undefined,
      rootfs: `${spec.storagePool}:${spec.size.diskGib}`,
    })
    return this.tasks.started(data, spec.ref, wanted)
  }

  async adopt(spec: InstanceSpec, source: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'present', stamp: spec.stamp }
    const guest = await this.guests.readOrFail(spec.ref)
    if (guest.stamp === spec.stamp) return this.tasks.over(spec.ref, wanted)
    requireStamp(guest, source)
    await this.tasks.configure(guest, {
      ...configOf(spec, this.options),
      delete: ['description', ...(spec.nameservers.length === 0 ? ['nameserver'] : [])].join(','),
    })
    return this.tasks.over(spec.ref, wanted)
  }

  private async remove(keptAs: string, ref: string, wanted: WantedState): Promise<RemoteTask> {
    const { node, volume } = placeOf(keptAs)
    const [storage] = volume.split(':')
    const [anyNode] = await this.guests.onlineNodes()
    const path = at('nodes', node ?? anyNode!, 'storage', storage!, 'content', volume)
    const { data } = await this.client.request('DELETE', path)
    return this.tasks.started(data, ref, wanted)
  }
}

function noSuchArchive(): DriverError {
  return new DriverError('not_found', 'the cluster has no such archive')
}

function requireArchiveName(name: string): void {
  if (/^[a-zA-Z0-9][\w.-]{0,62}$/.test(name)) return
  throw new DriverError('invalid', 'an archive is called by letters, digits, dots and hyphens')
}
