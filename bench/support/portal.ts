import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { PRODUCTION_BUILD, startWeb, type Web, type WebEntry } from '#tests/support/processes'
import { PRODUCTION } from './app.js'
import { residentMb } from './resident.js'

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

/** The production build as it runs for others: one process, or one for each core. */
export class Portal {
  private readonly agent: Agent
  private cookies = new Map<string, string>()

  private constructor(
    private readonly web: Web,
    connections: number
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  static async start(
    entry: WebEntry,
    connections = 1,
    settings: Record<string, string> = {}
  ): Promise<Portal> {
    if (!PRODUCTION_BUILD) throw new Error('there is no production build: run it with bin/bench')
    const web = await startWeb(
      { ...PRODUCTION, HOST: '127.0.0.1', ...settings },
      PRODUCTION_BUILD,
      entry
    )
    return new Portal(web, connections)
  }

  get pid(): number {
    return this.web.process.pid
  }

  get url(): string {
    return this.web.url
  }

  async signIn(email: string, password: string): Promise<void> {
    const page = await this.get('/sign-in')
    const answer = await this.post('/sign-in', { _csrf: tokenIn(page.body), email, password })
    if (answer.status !== 302 || answer.headers.location === '/sign-in') {
      throw new Error(`signing in was answered with ${answer.status}`)
    }
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path)
  }

  post(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.ask('POST', path, new URLSearchParams(fields).toString())
  }

  /** As a program: with headers of its own, and JSON. */
  call(method: string, path: string, headers: Record<string, string>, json?: object) {
    const body = json && JSON.stringify(json)
    return this.ask(method, path, body, {
      ...headers,
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    })
  }

  private async ask(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {
      accept: 'text/html',
      cookie: this.cookie,
      ...(body && { 'content-type': 'application/x-www-form-urlencoded' }),
    }
  ): Promise<Answer> {
    const sent = request(`${this.url}${path}`, {
      method,
      agent: this.agent,
      headers: { ...headers, ...(body && { 'content-length': Buffer.byteLength(body) }) },
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    for (const line of response.headers['set-cookie'] ?? []) {
      const [pair] = line.split(';')
      const at = pair.indexOf('=')
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return {
      status: response.statusCode,
      headers: response.headers,
      body: Buffer.concat(chunks).toString(),
    }
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Resident megabytes of each web process; of a cluster without the one that only watches. */
  get residentMb(): number[] {
    const children = childrenOf(this.pid)
    return (children.length > 0 ? children : [this.pid]).map(residentMb)
  }

  async stop(): Promise<void> {
    this.agent.destroy()
    await this.web.process.stop()
  }
}

export function tokenIn(html: string): string {
  const [, token] = /name=['"]_csrf['"] value=['"]([^'"]+)/.exec(html) ?? []
  if (!token) throw new Error('the page holds no form')
  return token
}

/** The value below which this share of them lies. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
}
