import http from 'node:http'
import https from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { observed } from '#drivers/calls'
import type { ClusterConnection } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record, type Json } from '#drivers/json'
import { identifyServer, PinnedAgent } from '#drivers/pinned_agent'
import { fromTransport, RequestTimeout } from '#drivers/transport'
import type { RouterAccess } from '#forwarders/contract'

/** The vendor's own client waits as long. */
const REQUEST_MS = 15_000
const LARGEST_ANSWER = 16 * 1024 * 1024
/** A router is no server: more at once make it slower, not quicker. */
const AT_ONCE = 2

export type Reply = { status: number; headers: IncomingHttpHeaders; body: Json }

/** JSON over HTTP to one router: whom we believe and how long we wait. Knows neither protocol nor rule. */
export class RouterTransport {
  private readonly url: URL
  private readonly agent: http.Agent

  constructor(
    access: RouterAccess,
    private readonly cluster: ClusterConnection,
    private readonly timeoutMs = REQUEST_MS
  ) {
    this.url = new URL(access.endpoint)
    this.agent = agentFor(this.url, access.tlsFingerprint)
    this.agent.maxSockets = AT_ONCE
  }

  /** Host and port, for people. */
  get where(): string {
    return this.url.host
  }

  /** `call` names it in metrics. An answer that is no JSON is asked for once more where asking changes nothing. */
  async send(
    call: string,
    method: string,
    path: string,
    {
      body,
      headers = {},
      isRead,
    }: { body?: Json; headers?: Record<string, string>; isRead: boolean }
  ): Promise<Reply> {
    return observed(this.cluster, call, async () => {
      const ask = () => this.once(method, path, body, headers)
      const first = await ask()
      const reply = first.body === null && isRead ? await ask() : first
      if (reply.body !== null) return { ...reply, body: reply.body }
      throw new DriverError(
        'unsupported',
        `${this.where} answers, but not as an iKuai router (HTTP ${reply.status})`
      )
    })
  }

  close(): void {
    this.agent.destroy()
  }

  private once(
    method: string,
    path: string,
    body: Json | undefined,
    headers: Record<string, string>
  ): Promise<Omit<Reply, 'body'> & { body: Json | null }> {
    const payload = body && Buffer.from(JSON.stringify(body))
    const { request: begin } = this.url.protocol === 'https:' ? https : http
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(fromTransport(error, this.where))
      const request = begin(new URL(path, this.url), {
        method,
        agent: this.agent,
        headers: {
          accept: 'application/json',
          ...(payload && {
            'content-type': 'application/json',
            'content-length': String(payload.length),
          }),
          ...headers,
        },
      })
      const timer = setTimeout(() => {
        request.destroy(new RequestTimeout(`no answer within ${this.timeoutMs} ms`))
      }, this.timeoutMs)
      request.on('close', () => clearTimeout(timer))
      request.on('error', fail)
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > LARGEST_ANSWER) request.destroy(new Error('the answer is too large'))
          else chunks.push(chunk)
        })
        response.on('error', fail)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: parsed(Buffer.concat(chunks).toString('utf8')),
          })
        )
      })
      request.end(payload)
    })
  }
}

/** The fingerprint of the certificate that a router shows; nothing is sent to it. @throws DriverError unreachable */
export async function identifyRouter(endpoint: string): Promise<string> {
  const { hostname, host, port } = new URL(endpoint)
  const shown = await identifyServer(hostname, Number(port || 443)).catch((error) => {
    throw fromTransport(error, host)
  })
  return shown.fingerprint
}

function agentFor(url: URL, fingerprint: string | null): http.Agent {
  if (url.protocol === 'http:') return new http.Agent({ keepAlive: true })
  if (fingerprint) return new PinnedAgent(fingerprint.toLowerCase())
  throw new DriverError('tls_mismatch', `${url.host}: no server certificate is pinned`)
}

/** Null when it is no JSON object. 4.x writes a bare `nil` where it means null. */
function parsed(text: string): Json | null {
  const withoutNil = text.replaceAll(STRING_OR_NIL, (found) => (found === 'nil' ? 'null' : found))
  for (const candidate of [text, withoutNil]) {
    try {
      const value: unknown = JSON.parse(candidate)
      return typeof value === 'object' && value !== null ? record(value) : null
    } catch {
      continue
    }
  }
  return null
}

/** A whole string, which stays as it is, or the bare word. */
const STRING_OR_NIL = /"(?:[^"\\]|\\.)*"|\bnil\b/g
