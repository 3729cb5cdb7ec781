import type {
  RemoteSnapshot,
  RemoteTask,
  SnapshotApi,
  SnapshotTree,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { noSuchInstance } from '#drivers/proxmox/errors'
import { numeric, type ProxmoxGuest } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

/** What the list tells beside the snapshots: the guest as it is. */
const NOW = 'current'

export class ProxmoxSnapshots implements SnapshotApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks
  ) {}

  async list(ref: string): Promise<RemoteSnapshot[]> {
    const guest = await this.guests.readOrFail(ref)
    return snapshotsOf(this.client, guest)
  }

  async create(ref: string, name: string, title?: string): Promise<RemoteTask> {
    requireSnapshotName(name)
    const wanted: WantedState = { is: 'snapshotted', snapshot: name }
    const guest = await this.idle(ref)
    if (await this.has(guest, name)) return this.tasks.over(ref, wanted)
    const { data: feature } = await this.client.get(pathOf(guest, 'feature'), {
      feature: 'snapshot',
    })
    if (numeric(record(feature).hasFeature) !== 1) {
      throw new DriverError('unsupported', "the cluster's storage cannot take snapshots")
    }
    const { data } = await this.client.request('POST', pathOf(guest, 'snapshot'), {
      snapname: name,
      description: title,
    })
    return this.tasks.started(data, ref, wanted)
  }

  /** A rollback stops a guest that runs; it is started again by the same task. */
  async restore(ref: string, name: string): Promise<RemoteTask> {
    requireSnapshotName(name)
    const guest = await this.idle(ref)
    if (!(await this.has(guest, name))) {
      throw new DriverError('not_found', 'the instance has no such snapshot')
    }
    const path = pathOf(guest, 'snapshot', name, 'rollback')
    const { data } = await this.client.request('POST', path, { start: guest.isRunning })
    return this.tasks.started(data, ref, { is: 'restored', snapshot: name })
  }

  async remove(ref: string, name: string): Promise<RemoteTask> {
    requireSnapshotName(name)
    const wanted: WantedState = { is: 'unsnapshotted', snapshot: name }
    const guest = await this.guests.read(ref)
    if (!guest || !(await this.has(guest, name))) return this.tasks.over(ref, wanted)
    const { data } = await this.client.request('DELETE', pathOf(guest, 'snapshot', name))
    return this.tasks.started(data, ref, wanted)
  }

  async tree(ref: string): Promise<SnapshotTree> {
    const guest = await this.guests.readOrFail(ref)
    const { data } = await this.client.get(pathOf(guest, 'snapshot'))
    const rows = list(data).map(record)
    const parents = Object.fromEntries(
      rows.map(({ name, parent }) => [text(name) ?? '', text(parent)])
    )
    const { [NOW]: now = null, ...others } = parents
    return { parents: others, now }
  }

  private async idle(ref: string): Promise<ProxmoxGuest> {
    const guest = await this.guests.readOrFail(ref)
    if (guest.kind !== 'container') throw noSuchInstance(ref)
    const [running] = await this.tasks.runningOn(guest.node, ref)
    if (!running) return guest
    throw new DriverError('busy', `the cluster is busy with the instance (${running.type})`)
  }

  private async has(guest: ProxmoxGuest, wanted: string): Promise<boolean> {
    const snapshots = await snapshotsOf(this.client, guest)
    return snapshots.some(({ name }) => name === wanted)
  }
}

/** Oldest first. */
export async function snapshotsOf(
  client: ProxmoxClient,
  guest: ProxmoxGuest
): Promise<RemoteSnapshot[]> {
  const { data } = await client.get(pathOf(guest, 'snapshot'))
  return list(data)
    .map(record)
    .filter(({ name }) => name !== NOW)
    .map(({ name, snaptime }) => ({
      name: text(name) ?? '',
      takenAt: numeric(snaptime),
    }))
    .sort((one, other) => one.takenAt - other.takenAt)
    .map(({ name, takenAt }) => ({
      name,
      createdAt: takenAt > 0 ? new Date(takenAt * 1_000).toISOString() : null,
    }))
}

function pathOf({ node, ref }: ProxmoxGuest, ...parts: string[]): string {
  return at('nodes', node, 'lxc', ref, ...parts)
}

function requireSnapshotName(name: string): void {
  if (/^[a-z][\w-]{1,39}$/i.test(name) && name !== NOW) return
  throw new DriverError('invalid', 'a snapshot is called by letters, digits and hyphens')
}
