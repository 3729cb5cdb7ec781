import { once } from 'node:events'
import https from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import tls from 'node:tls'
import { WebSocket } from 'ws'
import { observed } from '#drivers/calls'
import type { ClusterConnection } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record, text } from '#drivers/json'
import { fromRefusal } from '#drivers/lxd/errors'
import { PinnedAgent } from '#drivers/pinned_agent'
import { asking, exchange, fromTransport, RequestTimeout, type RawReply } from '#drivers/transport'

const REQUEST_MS = 15_000
/** For as long LXD may be silent in the middle of a large body: it writes to a disk meanwhile. */
const TRANSFER_STALL_MS = 120_000
const LARGEST_ANSWER = 64 * 1024 * 1024

/** An answer of LXD's own form, already known not to be an error. */
export type LxdReply = {
  metadata: unknown
  /** Set when LXD goes on in the background. */
  operationId: string | null
  etag: string | null
  /** When the server says it answered. */
  date: string | null
}

type Headers = Record<string, string>
type Body = { json: unknown } | { raw: string }

export type RequestOptions = {
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Body
  timeoutMs?: number
  largestAnswer?: number
}

/** HTTPS to one LXD server: who we are, whom we believe, how long we wait. Knows no noun. */
export class LxdClient {
  readonly project: string
  /** Of the server's certificate, as it was pinned. */
  readonly fingerprint: string
  private readonly url: URL
  private readonly timeoutMs: number
  private readonly agent: PinnedAgent

  constructor(private readonly connection: ClusterConnection) {
    this.url = parseEndpoint(connection.endpoint)
    this.project = text(connection.settings.project) ?? 'default'
    this.timeoutMs = Number(connection.settings.timeoutMs) || REQUEST_MS
    if (!connection.tlsFingerprint) {
      throw new DriverError('tls_mismatch', `${this.url.host}: no server certificate is pinned`)
    }
    this.fingerprint = connection.tlsFingerprint.toLowerCase()
    this.agent = new PinnedAgent(this.fingerprint, clientContext(connection, this.url.host))
  }

  /** Host and port, for people. */
  get where(): string {
    return this.url.host
  }

  get(path: string, options?: RequestOptions): Promise<LxdReply> {
    return this.request('GET', path, options)
  }

  /** null when LXD says that there is none. */
  async find(path: string, options?: RequestOptions): Promise<LxdReply | null> {
    const reply = await this.send('GET', path, options)
    if (reply.status === 404 && this.refusalIn(reply) !== null) return null
    return this.read(reply)
  }

  async request(method: string, path: string, options?: RequestOptions): Promise<LxdReply> {
    return this.read(await this.send(method, path, options))
  }

  /** The bare answer, whatever its status; for files, which are not JSON. */
  send(method: string, path: string, options: RequestOptions = {}): Promise<RawReply> {
    const label = `${method} ${path.split('/')[2] ?? 'server'}`
    return observed(this.connection, label, () =>
      asking({ isRead: method === 'GET', where: this.where }, () =>
        this.once(method, path, options)
      )
    )
  }

  /** Of a project that is not there, LXD tells that it is empty: then "none" must not be believed. */
  async requireProject(): Promise<void> {
    if (this.project === 'default') return
    if (await this.find(at('projects', this.project))) return
    throw new DriverError('invalid', `${this.where} has no project ${this.project}`)
  }

  /**
   * A body too large to be held in memory, one way or the other. Ends when nothing moves for as long as an answer
   * may take.
   */
  transfer(
    method: string,
    path: string,
    { query, headers, body }: { query?: Record<string, string>; headers?: Headers; body?: Readable }
  ): Promise<IncomingMessage> {
    return observed(this.connection, `${method} ${path.split('/').at(-1)}`, async () => {
      try {
        const request = https.request(this.target(path, query), {
          method,
          agent: this.agent,
          headers: { ...(body && { 'content-type': BINARY }), ...headers },
          timeout: TRANSFER_STALL_MS,
        })
        request.on('timeout', () => request.destroy(new RequestTimeout('nothing moves any more')))
        const answered = once(request, 'response') as Promise<[IncomingMessage]>
        answered.catch(() => {})
        if (body) await pipeline(body, request)
        else request.end()
        const [response] = await answered
        return response
      } catch (error) {
        throw this.translate(error)
      }
    })
  }

  /** What LXD said in such an answer, or the refusal thrown. */
  async readTransfer(response: IncomingMessage): Promise<LxdReply> {
    const { statusCode: status = 0, statusMessage = '', headers } = response
    return this.read({ status, statusMessage, headers, body: await buffer(response) })
  }

  /** One of an operation's streams, open. */
  stream(operationId: string, secret: string, timeoutMs: number): Promise<WebSocket> {
    return this.socket(at('operations', operationId, 'websocket'), { secret }, timeoutMs)
  }

  /** A websocket, open. */
  async socket(
    path: string,
    query: Record<string, string>,
    timeoutMs = this.timeoutMs
  ): Promise<WebSocket> {
    const url = this.target(path, query)
    url.protocol = 'wss:'
    const socket = new WebSocket(url, { agent: this.agent, handshakeTimeout: timeoutMs })
    socket.on('error', () => socket.terminate())
    try {
      await once(socket, 'open')
    } catch (error) {
      throw this.translate(error)
    }
    return socket
  }

  /** What LXD said, or the refusal thrown. */
  read(reply: RawReply): LxdReply {
    const envelope = parseEnvelope(reply.body)
    if (!envelope || envelope.type === 'error') throw this.refused(reply)
    return {
      metadata: envelope.metadata,
      operationId: envelope.type === 'async' ? text(record(envelope.metadata).id) : null,
      etag: text(reply.headers.etag),
      date: text(reply.headers.date),
    }
  }

  refused(reply: RawReply): DriverError {
    const said = this.refusalIn(reply)
    if (said !== null) return fromRefusal(reply.status, said)
    return new DriverError(
      'unsupported',
      `${this.where} answers, but not as LXD (HTTP ${reply.status})`
    )
  }

  /** What LXD said in refusing; null when it did not, or when it was not LXD that answered. */
  refusalIn({ body }: RawReply): string | null {
    const envelope = parseEnvelope(body)
    return envelope?.type === 'error' ? (text(envelope.error) ?? '') : null
  }

  close(): void {
    this.agent.destroy()
  }

  private translate(error: unknown): DriverError {
    return fromTransport(error, this.where)
  }

  private target(path: string, query: Record<string, string> = {}): URL {
    const url = new URL(path, this.url)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    if (this.project !== 'default') url.searchParams.set('project', this.project)
    return url
  }

  private once(
    method: string,
    path: string,
    {
      query,
      headers,
      body,
      timeoutMs = this.timeoutMs,
      largestAnswer = LARGEST_ANSWER,
    }: RequestOptions
  ): Promise<RawReply> {
    return exchange(this.target(path, query), {
      method,
      agent: this.agent,
      headers: {
        ...(body && { 'content-type': 'json' in body ? 'application/json' : BINARY }),
        ...headers,
      },
      payload: body && Buffer.from('json' in body ? JSON.stringify(body.json) : body.raw),
      timeoutMs,
      largestBytes: largestAnswer,
    })
  }
}

const BINARY = 'application/octet-stream'

/** `at('instances', ref, 'state')`: a path whose parts cannot leave their place. */
export function at(...parts: string[]): string {
  return ['/1.0', ...parts.map(encodeURIComponent)].join('/')
}

/** Base URL of an LXD server; its errors name no more than host and port, for a URL can hold a password. */
export function parseEndpoint(endpoint: string): URL {
  let url: URL
  try {
    url = new URL(endpoint)
  } catch {
    throw new DriverError('invalid', 'the address of an LXD server reads https://host:8443')
  }
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new DriverError(
      'invalid',
      `${url.host}: the address of an LXD server reads https://host:8443, without a user`
    )
  }
  return new URL(`https://${url.hostname}:${url.port || '8443'}`)
}

function clientContext({ credentials, settings }: ClusterConnection, where: string) {
  const certificate = text(credentials.certificate) ?? text(settings.clientCertificate)
  const privateKey = text(credentials.privateKey)
  if (!certificate || !privateKey) {
    throw new DriverError('unauthorized', `${where}: there is no client certificate with its key`)
  }
  try {
    return tls.createSecureContext({ cert: certificate, key: privateKey })
  } catch (error) {
    throw new DriverError(
      'unauthorized',
      `${where}: the client certificate and its key cannot be read or do not belong together`,
      { cause: error }
    )
  }
}

function parseEnvelope(body: Buffer): Record<string, unknown> | null {
  try {
    const envelope = record(JSON.parse(body.toString('utf8')))
    return text(envelope.type) ? envelope : null
  } catch {
    return null
  }
}
