import { once } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'
import { observed } from '#drivers/calls'
import type { ClusterConnection } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { number, record, text } from '#drivers/json'
import { PinnedAgent } from '#drivers/pinned_agent'
import { fromRefusal } from '#drivers/proxmox/errors'
import { asking, exchange, fromTransport, type RawReply } from '#drivers/transport'

const READ_MS = 15_000
/** The proxy gives up on its daemon after 30 s and says so; a write waits for that word. */
const WRITE_MS = 40_000
const LARGEST_ANSWER = 64 * 1024 * 1024
const LARGEST_MESSAGE = 16 * 1024 * 1024
/** pveproxy and pvedaemon have three workers each, and every connection costs them a handshake. */
const REQUESTS_AT_ONCE = 4
/** A ticket lives two hours. */
const TICKET_MS = 100 * 60_000

export type Parameters = Record<string, string | number | boolean | undefined>

/** An answer already known not to be an error. */
export type ProxmoxReply = {
  data: unknown
  total: number
  /** When the server says it answered. */
  date: string | null
}

type Access =
  | { by: 'token'; id: string; secret: string }
  | { by: 'password'; username: string; password: string }

/** HTTPS to one cluster of Proxmox VE: who we are, whom we believe, how long we wait. Knows no noun. */
export class ProxmoxClient {
  private readonly url: URL
  private readonly agent: PinnedAgent
  private readonly access: Access
  private readonly timeoutMs: number | null
  private readonly waiting: (() => void)[] = []
  private ticket: { cookie: string; csrf: string; until: number } | null = null
  private running = 0

  constructor(private readonly connection: ClusterConnection) {
    this.url = parseEndpoint(connection.endpoint)
    if (!connection.tlsFingerprint) {
      throw new DriverError('tls_mismatch', `${this.url.host}: no server certificate is pinned`)
    }
    this.access = accessOf(connection, this.url.host)
    this.timeoutMs = Number(connection.settings.timeoutMs) || null
    this.agent = new PinnedAgent(connection.tlsFingerprint.toLowerCase())
  }

  /** Host and port, for people. */
  get where(): string {
    return this.url.host
  }

  /** As whom the cluster notes what we do. */
  get user(): string {
    return this.access.by === 'token' ? this.access.id : this.access.username
  }

  get(path: string, parameters?: Parameters): Promise<ProxmoxReply> {
    return this.request('GET', path, parameters)
  }

  async request(method: string, path: string, parameters: Parameters = {}): Promise<ProxmoxReply> {
    const reply = await this.send(method, path, parameters)
    if (reply.status === 401 && this.access.by === 'password' && this.ticket) {
      // It ran out or the server forgot its keys: one new one is asked for, not more.
      this.ticket = null
      return this.read(await this.send(method, path, parameters))
    }
    return this.read(reply)
  }

  /** A websocket, open; its opening is not one of the requests that wait for each other. */
  async socket(path: string, query: Record<string, string>, timeoutMs: number): Promise<WebSocket> {
    const headers = await this.signedIn('GET')
    return observed(this.connection, labelOf('GET', path), async () => {
      const url = new URL(`/api2/json${path}?${formOf(query)}`, this.url)
      url.protocol = 'wss:'
      const socket = new WebSocket(url, 'binary', {
        agent: this.agent,
        headers,
        handshakeTimeout: timeoutMs,
        maxPayload: LARGEST_MESSAGE,
        perMessageDeflate: false,
      })
      socket.on('error', () => socket.terminate())
      try {
        await once(socket, 'open')
      } catch (error) {
        throw fromTransport(error, this.where)
      }
      return socket
    })
  }

  close(): void {
    this.agent.destroy()
  }

  private async send(method: string, path: string, parameters: Parameters): Promise<RawReply> {
    const headers = await this.signedIn(method)
    return this.exchange(method, path, parameters, headers)
  }

  private async signedIn(method: string): Promise<OutgoingHttpHeaders> {
    if (this.access.by === 'token') {
      return { authorization: `PVEAPIToken=${this.access.id}=${this.access.secret}` }
    }
    if (!this.ticket || Date.now() > this.ticket.until) await this.signIn(this.access)
    return {
      cookie: `PVEAuthCookie=${encodeURIComponent(this.ticket!.cookie)}`,
      ...(method !== 'GET' && { csrfpreventiontoken: this.ticket!.csrf }),
    }
  }

  private async signIn({ username, password }: Extract<Access, { by: 'password' }>): Promise<void> {
    const { data } = this.read(
      await this.exchange('POST', '/access/ticket', { username, password }, {})
    )
    const { ticket, CSRFPreventionToken: csrf, NeedTFA: needsSecondFactor } = record(data)
    if (needsSecondFactor) {
      throw new DriverError(
        'unauthorized',
        `${this.where} asks ${username} for a second factor: use an API token`
      )
    }
    const cookie = text(ticket)
    if (!cookie) throw new DriverError('unauthorized', `${this.where} gave ${username} no ticket`)
    this.ticket = { cookie, csrf: text(csrf) ?? '', until: Date.now() + TICKET_MS }
  }

  private exchange(
    method: string,
    path: string,
    parameters: Parameters,
    headers: OutgoingHttpHeaders
  ): Promise<RawReply> {
    return this.inTurn(() =>
      observed(this.connection, labelOf(method, path), () =>
        asking({ isRead: method === 'GET', where: this.where }, () =>
          this.once(method, path, parameters, headers)
        )
      )
    )
  }

  private async inTurn<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.running >= REQUESTS_AT_ONCE) {
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
    this.running += 1
    try {
      return await ask()
    } finally {
      this.running -= 1
      this.waiting.shift()?.()
    }
  }

  private read({ status, statusMessage, headers, body }: RawReply): ProxmoxReply {
    const envelope = parseEnvelope(body)
    if (status === 200) {
      if (envelope) {
        const date = text(headers.date)
        return { data: envelope.data, total: number(envelope.total), date }
      }
      throw new DriverError('unsupported', `${this.where} answers, but not as Proxmox VE`)
    }
    const isProxmox = envelope !== null || body.length === 0
    if (!isProxmox) {
      throw new DriverError(
        'unsupported',
        `${this.where} answers, but not as Proxmox VE (HTTP ${status})`
      )
    }
    throw fromRefusal(status, sayingOf(envelope, statusMessage), this.where)
  }

  private once(
    method: string,
    path: string,
    parameters: Parameters,
    headers: OutgoingHttpHeaders
  ): Promise<RawReply> {
    const form = formOf(parameters)
    const isRead = method === 'GET' || method === 'DELETE'
    const url = new URL(`/api2/json${path}${isRead && form ? `?${form}` : ''}`, this.url)
    return exchange(url, {
      method,
      agent: this.agent,
      headers: {
        ...(!isRead && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      payload: isRead ? undefined : Buffer.from(form),
      timeoutMs: this.timeoutMs ?? (method === 'GET' ? READ_MS : WRITE_MS),
      largestBytes: LARGEST_ANSWER,
    })
  }
}

/** `at('nodes', node, 'lxc')`: a path whose parts cannot leave their place. */
export function at(...parts: (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}

/** Where a cluster listens; its errors name no more than host and port, for a URL can hold a password. */
export function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new DriverError(
      'invalid',
      `${url?.host ?? 'this'}: the address of Proxmox VE reads https://host:8006, without a user`
    )
  }
  return new URL(`https://${url.hostname}:${url.port || '8006'}`)
}

function accessOf({ credentials }: ClusterConnection, where: string): Access {
  const { tokenId, tokenSecret, username, password } = credentials
  if (tokenId && tokenSecret) return { by: 'token', id: tokenId, secret: tokenSecret }
  if (username && password) return { by: 'password', username, password }
  throw new DriverError(
    'unauthorized',
    `${where}: there is neither an API token nor a user with a password`
  )
}

function formOf(parameters: Parameters): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    form.set(name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value))
  }
  return form.toString()
}

/** `/nodes/pve1/lxc/104/status/start` → `POST lxc status/start`: no node, no number, no task, and no user. */
function labelOf(method: string, path: string): string {
  const [first, second, ...rest] = path.slice(1).split('/')
  if (first !== 'nodes') return `${method} ${[first, second].filter(Boolean).join('/')}`
  const words = rest.filter(
    (word, index) => /^[a-z]+$/.test(word) && rest[index - 1] !== 'snapshot'
  )
  return `${method} ${words.join('/') || 'nodes'}`
}

/** The whole sentence is in the body since 8.x, before that only in the status line; a field's complaint is more exact. */
function sayingOf(envelope: Record<string, unknown> | null, statusMessage: string): string {
  const complaints = Object.entries(record(envelope?.errors))
    .map(([name, said]) => `${name}: ${String(said).trim()}`)
    .join('; ')
  return complaints || text(envelope?.message) || statusMessage
}

function parseEnvelope(body: Buffer): Record<string, unknown> | null {
  try {
    const envelope = record(JSON.parse(body.toString('utf8')))
    return 'data' in envelope ? envelope : null
  } catch {
    return null
  }
}
