import http from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { observed } from '#drivers/calls'
import type { ClusterConnection } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record, type Json } from '#drivers/json'
import { identifyServer, PinnedAgent } from '#drivers/pinned_agent'
import { exchange, fromTransport } from '#drivers/transport'
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

  private async once(
    method: string,
    path: string,
    body: Json | undefined,
    headers: Record<string, string>
  ): Promise<Omit<Reply, 'body'> & { body: Json | null }> {
    const reply = await exchange(new URL(path, this.url), {
      method,
      agent: this.agent,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      payload: body && Buffer.from(JSON.stringify(body)),
      timeoutMs: this.timeoutMs,
      largestBytes: LARGEST_ANSWER,
    }).catch((error) => {
      throw fromTransport(error, this.where)
    })
    const { status, headers: told, body: said } = reply
    return { status, headers: told, body: parsed(said.toString('utf8')) }
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
