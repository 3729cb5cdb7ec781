import type { MovesApi, RemoteTask, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { noSuchInstance } from '#drivers/proxmox/errors'
import { cardOf, networkOf, requireStamp, sizeOf, type ProxmoxGuest } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxPlacement } from '#drivers/proxmox/placement'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

/** Between the nodes of a cluster: one task, and a guest whose move was cut off is still where it was. */
export class ProxmoxMoves implements MovesApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks,
    private readonly placement: ProxmoxPlacement
  ) {}

  async move(ref: string, stamp: string, node: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'moved', node }
    const guest = await this.guests.readOrFail(ref)
    if (guest.kind !== 'container') throw noSuchInstance(ref)
    requireStamp(guest, stamp)
    const [running] = await this.tasks.runningOn(guest.node, ref)
    if (running?.type === 'vzmigrate') return { id: running.id, ref, wanted }
    if (running) {
      throw new DriverError('busy', `the cluster is busy with the instance (${running.type})`)
    }
    if (guest.node === node) return this.tasks.over(ref, wanted)
    if (guest.isRunning) throw new DriverError('invalid', 'the instance runs')
    const nodes = await this.guests.onlineNodes()
    if (!nodes.includes(node)) {
      throw new DriverError('not_found', `the cluster has no node ${node} that is online`)
    }
    const lack = await this.lackOf(node, guest)
    if (lack) throw lack
    const { data } = await this.client.request(
      'POST',
      at('nodes', guest.node, 'lxc', ref, 'migrate'),
      { target: node }
    )
    return this.tasks.started(data, ref, wanted)
  }

  /** What is shared needs no room there. */
  private async lackOf(node: string, guest: ProxmoxGuest): Promise<DriverError | null> {
    const { config } = guest
    const [storagePool] = (config.rootfs ?? '').split(':')
    const isShared = await this.placement.isShared(guest.node, storagePool!)
    return this.placement.lackOfRoom(node, {
      storagePool: storagePool!,
      network: networkOf(cardOf(config)),
      diskGib: isShared ? 0 : sizeOf(guest).diskGib,
    })
  }
}
