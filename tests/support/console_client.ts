import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { appUrl } from '#config/app'
import type { Visitor } from '#tests/support/visitor'

export type SocketWish = {
  cookies?: string
  /** A program's. */
  token?: string
  ticket: string
  /** What the browser says which page asked. */
  origin?: string | null
  columns?: number
  rows?: number
  web?: string
}

/** What came of asking for a socket: an answer without one, or the socket. */
export class ConsoleClient {
  shown = ''
  /** Of the close frame; null while it is open. */
  ending: { code: number; reason: string } | null = null

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => (this.shown += data.toString()))
    socket.on('close', (code, reason) => (this.ending = { code, reason: reason.toString() }))
    socket.on('error', () => {})
  }

  /** Asks for a ticket as the page at `path` does. */
  static async ask(visitor: Visitor, path: string, kind = 'shell', web = appUrl) {
    return fetch(`${web}${path}/console/tickets`, {
      method: 'POST',
      headers: { cookie: visitor.cookies, accept: 'application/json' },
      body: visitor.form({ kind }),
    })
  }

  /** @throws Error with the code of the refusal */
  static async ticket(visitor: Visitor, path: string, kind = 'shell', web = appUrl) {
    const response = await ConsoleClient.ask(visitor, path, kind, web)
    const answer = (await response.json()) as { ticket?: string; error?: { code: string } }
    if (!answer.ticket) throw new Error(`${response.status} ${answer.error?.code}`)
    return answer.ticket
  }

  static async open(path: string, wish: SocketWish): Promise<ConsoleClient | { status: number }> {
    const { cookies, token, ticket, origin = appUrl, web = appUrl } = wish
    const { columns = 80, rows = 24 } = wish
    const url = `${web.replace('http', 'ws')}${path}/console/socket?columns=${columns}&rows=${rows}`
    const socket = new WebSocket(url, ['portico.console', `ticket.${ticket}`], {
      headers: {
        ...(cookies && { cookie: cookies }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(origin && { origin }),
      },
    })
    const client = new ConsoleClient(socket)
    const refused = once(socket, 'unexpected-response').then(([request, response]) => {
      request.destroy()
      return { status: Number(response.statusCode) }
    })
    return Promise.race([once(socket, 'open').then(() => client), refused])
  }

  static async opened(path: string, wish: SocketWish): Promise<ConsoleClient> {
    const client = await ConsoleClient.open(path, wish)
    if (client instanceof ConsoleClient) return client
    throw new Error(`the console was refused with ${client.status}`)
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text))
  }

  resize(columns: number, rows: number): void {
    this.socket.send(JSON.stringify({ columns, rows }))
  }

  /** @throws Error with what was shown instead */
  async shows(wanted: RegExp, withinMs = 5_000): Promise<void> {
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
      if (wanted.test(this.shown)) return
    }
    throw new Error(`${wanted} was never shown, but: ${this.shown}`)
  }

  /** @returns why it was closed @throws Error when it is not, in time */
  async closes(withinMs = 5_000): Promise<string> {
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
      if (this.ending) return this.ending.reason || String(this.ending.code)
    }
    throw new Error(`it was still open after ${withinMs} ms`)
  }
}
