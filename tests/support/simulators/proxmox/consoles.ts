import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Guest } from './guest.js'
import { servePicture } from './picture.js'
import { serveTerminal } from './terminal.js'

export type Kind = 'terminal' | 'vnc'
export type Ticket = {
  kind: Kind
  vmid: number
  port: number
  ticket: string
  /** Of the picture; the first eight characters of what VNC can check. */
  password: string
  user: string
  isUsed: boolean
  /** Written down in its task. */
  note(line: string): void
  end(exitstatus: string): void
}

/** So long a worker waits for somebody to come. */
const WAITS_MS = 10_000
const FIRST_PORT = 5_900

/** What termproxy and vncproxy gave out, and who holds it. */
export class Consoles {
  private readonly tickets = new Map<number, Ticket>()
  private readonly timers = new Set<NodeJS.Timeout>()

  open({
    kind,
    vmid,
    user,
    note,
    end,
  }: Pick<Ticket, 'kind' | 'vmid' | 'user' | 'note' | 'end'>): Ticket {
    let port = FIRST_PORT
    while (this.tickets.has(port)) port += 1
    const seconds = Math.floor(Date.now() / 1_000)
      .toString(16)
      .toUpperCase()
    const ticket: Ticket = {
      ...{ kind, vmid, user, port, note, isUsed: false },
      ticket: `PVEVNC:${seconds}::${randomBytes(256).toString('base64')}`,
      password: randomBytes(6).toString('base64').slice(0, 8),
      end: (exitstatus) => {
        clearTimeout(timer)
        this.timers.delete(timer)
        this.tickets.delete(port)
        end(exitstatus)
      },
    }
    const timer = setTimeout(() => {
      if (!ticket.isUsed) ticket.end('connection timed out')
    }, WAITS_MS)
    this.timers.add(timer)
    this.tickets.set(port, ticket)
    return ticket
  }

  /** Tickets hold for one connection, for one container and one user. */
  find({
    port,
    ticket,
    vmid,
    user,
  }: {
    port: number
    ticket: string
    vmid: number
    user: string
  }): Ticket | null {
    const found = this.tickets.get(port)
    if (!found || found.isUsed || found.vmid !== vmid || found.user !== user) return null
    const isIts = [found.ticket, `${found.password}:${found.ticket}`].includes(ticket)
    return isIts ? found : null
  }

  /** Somebody came with a ticket that holds. */
  serve(socket: WebSocket, ticket: Ticket, guest: Guest, from: string): void {
    ticket.isUsed = true
    ticket.note(`client connection: ${from}`)
    socket.once(
      'close',
      guest.whenStopped(() => socket.close())
    )
    if (ticket.kind === 'terminal') serveTerminal(socket, ticket, guest)
    else servePicture(socket, ticket, guest.name)
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }
}
