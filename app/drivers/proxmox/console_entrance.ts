import type { WebSocket } from 'ws'
import { DriverError } from '#drivers/errors'
import { record, text } from '#drivers/json'
import { at, type Parameters, type ProxmoxClient } from '#drivers/proxmox/client'
import { noSuchInstance } from '#drivers/proxmox/errors'
import { powerOf } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

/** The node waits ten seconds for whoever asked for a console. */
export const CONNECT_MS = 9_000

export type Entered = {
  socket: WebSocket
  /** Whom the console believes, and by what. */
  user: string
  ticket: string
  /** Of the screen. */
  password: string
}

/** The way into a console: a ticket for one visit, and the socket it is good for. Neither goes any further. */
export class ProxmoxConsoleEntrance {
  constructor(
    readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests
  ) {}

  /** @throws DriverError not_found, invalid when the instance does not run */
  async enter(
    ref: string,
    proxy: 'termproxy' | 'vncproxy',
    parameters?: Parameters
  ): Promise<Entered> {
    const guest = await this.guests.readOrFail(ref)
    if (guest.kind !== 'container') throw noSuchInstance(ref)
    if (powerOf(guest) !== 'running') {
      throw new DriverError('invalid', 'the instance does not run')
    }
    const path = at('nodes', guest.node, 'lxc', ref)
    const { data } = await this.client.request('POST', `${path}/${proxy}`, parameters)
    const { port, ticket, user, password } = record(data)
    const good = text(ticket) ?? ''
    const socket = await this.client.socket(
      `${path}/vncwebsocket`,
      { port: String(port), vncticket: good },
      CONNECT_MS
    )
    // Before 8.4 the ticket is the password: VNC reads its first eight letters.
    return { socket, user: text(user) ?? '', ticket: good, password: text(password) ?? good }
  }
}
