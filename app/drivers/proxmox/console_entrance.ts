import type { WebSocket } from 'ws'
import { DriverError } from '#drivers/errors'
import { record, text } from '#drivers/json'
import { at, type Parameters, type ProxmoxClient } from '#drivers/proxmox/client'
import type { ProxmoxConsoleAccounts } from '#drivers/proxmox/console_accounts'
import { noSuchInstance, notOurs } from '#drivers/proxmox/errors'
import { powerOf, type ProxmoxGuest } from '#drivers/proxmox/guest'
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

type Wish = { proxy: 'termproxy' | 'vncproxy'; parameters?: Parameters }

/** The way into a console: a ticket for one visit, and the socket it is good for. Neither goes any further. */
export class ProxmoxConsoleEntrance {
  constructor(
    readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly accounts: ProxmoxConsoleAccounts
  ) {}

  /** @throws DriverError not_found, invalid when the instance does not run */
  async enter(
    ref: string,
    proxy: Wish['proxy'],
    parameters?: Wish['parameters']
  ): Promise<Entered> {
    const guest = await this.guests.readOrFail(ref)
    if (guest.kind !== 'container') throw noSuchInstance(ref)
    if (powerOf(guest) !== 'running') {
      throw new DriverError('invalid', 'the instance does not run')
    }
    const wish = { proxy, parameters }
    if (!this.accounts.isOn) return enterAs(this.client, guest, wish)
    return this.enterAsOwnUser(guest, wish)
  }

  /**
   * One that is not there or lost its right gets both, as after the guest was replaced; one whose password is of an
   * earlier secret of Portico's is made anew. There is no other way in.
   */
  private async enterAsOwnUser(guest: ProxmoxGuest, wish: Wish): Promise<Entered> {
    const { ref, stamp } = guest
    if (stamp === null) throw notOurs(ref)
    const client = this.accounts.asOwnUser(stamp)
    const provide = () => this.accounts.provide(ref, stamp)
    const remake = async () => {
      await this.accounts.withdraw(stamp)
      await provide()
    }
    try {
      for (const repair of [provide, remake]) {
        try {
          return await enterAs(client, guest, wish)
        } catch (error) {
          if (!(error instanceof DriverError && error.kind === 'unauthorized')) throw error
          await repair()
        }
      }
      return await enterAs(client, guest, wish)
    } finally {
      // The open socket is on its own by now.
      client.close()
    }
  }
}

async function enterAs(
  client: ProxmoxClient,
  { ref, node }: ProxmoxGuest,
  { proxy, parameters }: Wish
): Promise<Entered> {
  const path = at('nodes', node, 'lxc', ref)
  const { data } = await client.request('POST', `${path}/${proxy}`, parameters)
  const { port, ticket, user, password } = record(data)
  const good = text(ticket) ?? ''
  const socket = await client.socket(
    `${path}/vncwebsocket`,
    { port: String(port), vncticket: good },
    CONNECT_MS
  )
  // Before 8.4 the ticket is the password: VNC reads its first eight letters.
  return { socket, user: text(user) ?? '', ticket: good, password: text(password) ?? good }
}
