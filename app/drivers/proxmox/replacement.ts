import type { RemoteTask, ReplacementApi, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { noSuchInstance } from '#drivers/proxmox/errors'
import { keptCard, requireStamp, withKeptCard, type ProxmoxGuest } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

/**
 * The card of a guest that is set aside is written in its notes. A number cannot be changed: the guest that takes
 * another's place is copied to its number.
 */
export class ProxmoxReplacement implements ReplacementApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks
  ) {}

  async retire(ref: string, stamp: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'retired' }
    const guest = await this.find(ref, stamp)
    const { net0 } = guest?.config ?? {}
    if (!guest || net0 === undefined) return this.tasks.over(ref, wanted)
    if (guest.isRunning) {
      throw new DriverError('invalid', 'an instance that runs cannot be without its network card')
    }
    await this.tasks.configure(guest, { description: withKeptCard(guest, net0), delete: 'net0' })
    return this.tasks.over(ref, wanted)
  }

  async recall(ref: string, stamp: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'recalled' }
    const guest = await this.find(ref, stamp)
    const net0 = guest && keptCard(guest)
    if (net0) await this.tasks.configure(guest, { net0, description: withKeptCard(guest, null) })
    return this.tasks.over(ref, wanted)
  }

  async copy(
    ref: string,
    stamp: string,
    to: string,
    macAddress: string | null
  ): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'copied', stamp, macAddress }
    const going = await this.underWay(ref, stamp, to, wanted)
    if (going) return going
    const guest = await this.find(ref, stamp)
    if (!guest) throw noSuchInstance(ref)
    if (guest.isRunning) throw new DriverError('invalid', 'an instance that runs is not copied')
    try {
      const { data } = await this.client.request(
        'POST',
        at('nodes', guest.node, 'lxc', ref, 'clone'),
        { newid: to, hostname: guest.config.hostname, full: true }
      )
      return this.tasks.started(data, to, wanted)
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      // The answer was lost after it was begun, or another worker of ours was quicker.
      if (error.kind !== 'already_exists' && error.kind !== 'timeout') throw error
      const twin = await this.underWay(ref, stamp, to, wanted)
      if (twin) return twin
      throw error
    }
  }

  /** The copy that is there, or is being made; its task stands at the guest that is copied. null: neither. */
  private async underWay(
    ref: string,
    stamp: string,
    to: string,
    wanted: WantedState
  ): Promise<RemoteTask | null> {
    const seen = await this.guests.read(to)
    const source = await this.guests.read(ref)
    const running = source ? await this.tasks.runningOn(source.node, ref) : []
    const copying = running.find((task) => this.tasks.isOurs(task, 'vzclone'))
    if (copying) return { id: copying.id, ref: to, wanted }
    // One that was just being made may be whole by now.
    const copy = seen?.lock === 'create' ? await this.guests.read(to) : seen
    if (!copy) return null
    requireStamp(copy, stamp)
    await this.tasks.finish(wanted, copy)
    return this.tasks.over(to, wanted)
  }

  private async find(ref: string, stamp: string): Promise<ProxmoxGuest | null> {
    const guest = await this.guests.read(ref)
    if (guest) requireStamp(guest, stamp)
    return guest
  }
}
