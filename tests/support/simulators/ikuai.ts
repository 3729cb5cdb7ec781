import { createHash, randomBytes, randomUUID } from 'node:crypto'
import https from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { identifyServer } from '#drivers/pinned_agent'
import { selfSigned } from '#tests/support/certificates'
import type { RouterAccess } from '#forwarders/contract'

/** `3`: session cookies and numbered results. `4`: REST with an API token. */
export type IkuaiGeneration = 3 | 4

type Rule = {
  id: number
  enabled: string
  comment: string
  tagname: string
  interface: string
  lan_addr: string
  lan_port: string
  wan_port: string
  protocol: string
  src_addr: unknown
}
type Values = Record<string, unknown>

export type Fault =
  /** Done, but nobody hears of it. */
  | 'lose_answer'
  /** Cut off in the middle, as some firmware writes it. */
  | 'malformed'
  /** The router says that it has no room for more. */
  | 'full'
  /** Accepted and forgotten. */
  | 'forget'

const USER = 'portico'
const VERSION = '3.6.13'
const LINES = [
  {
    interface: 'wan1',
    parent_interface: 'eth1',
    ip_addr: '203.0.113.7',
    result: 'success',
    errmsg: '',
  },
  {
    interface: 'wan2',
    parent_interface: 'eth2',
    ip_addr: '198.51.100.9',
    result: 'success',
    errmsg: '',
  },
]

/**
 * An iKuai router as its public clients know it: destination NAT rules that stay, sessions that end, refusals in
 * its own words. No packet passes; `reach` follows the rules as one would.
 */
export class IkuaiRouter {
  readonly password = `Secret-${randomBytes(6).toString('hex')}`
  readonly token = randomUUID().replaceAll('-', '')
  readonly calls: string[] = []
  fingerprint = ''
  private rules: Rule[] = []
  private nextId = 1
  private sessions = new Set<string>()
  private faults: { call: string; fault: Fault }[] = []

  private constructor(
    readonly generation: IkuaiGeneration,
    private readonly server: https.Server
  ) {}

  static async start(generation: IkuaiGeneration): Promise<IkuaiRouter> {
    const { certificate, privateKey } = selfSigned('iKuai')
    const server = https.createServer({ cert: certificate, key: privateKey })
    const router = new IkuaiRouter(generation, server)
    server.on('request', (request, response) => void router.answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const shown = await identifyServer('127.0.0.1', router.port)
    router.fingerprint = shown.fingerprint
    return router
  }

  get endpoint(): string {
    return `https://127.0.0.1:${this.port}`
  }

  access(changes: Partial<RouterAccess> = {}): RouterAccess {
    const isOld = this.generation === 3
    return {
      endpoint: this.endpoint,
      tlsFingerprint: this.fingerprint,
      username: isOld ? USER : null,
      password: isOld ? this.password : null,
      token: isOld ? null : this.token,
      ...changes,
    }
  }

  /** Where a packet ends that arrives from outside; null: nowhere. */
  reach(protocol: string, port: number): { address: string; port: number } | null {
    for (const rule of this.rules) {
      if (rule.enabled !== 'yes' || !rule.protocol.split('+').includes(protocol)) continue
      const offset = offsetIn(rule.wan_port, port)
      if (offset === null) continue
      return { address: rule.lan_addr, port: Number(rule.lan_port.split('-')[0]) + offset }
    }
    return null
  }

  /** As its owner makes one by hand in the web interface. */
  place(changes: Partial<Rule>): number {
    const rule = this.made({ enabled: 'yes', interface: 'wan1', protocol: 'tcp', ...changes })
    this.rules.push(rule)
    return rule.id
  }

  take(port: number): void {
    this.rules = this.rules.filter(({ wan_port: its }) => offsetIn(its, port) === null)
  }

  get all(): readonly Rule[] {
    return this.rules
  }

  /** Everything with our mark, as after a restore of an old configuration. */
  loseOurs(): void {
    this.rules = this.rules.filter(({ comment }) => !comment.startsWith('portico-'))
  }

  expireSessions(): void {
    this.sessions.clear()
  }

  failNext(call: 'show' | 'add' | 'edit' | 'del', fault: Fault): void {
    this.faults.push({ call, fault })
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const body = text ? (JSON.parse(text) as Values) : {}
    const url = new URL(request.url!, this.endpoint)
    if (this.generation === 3) this.answerOld(url, body, request, response)
    else this.answerNew(url, body, request, response)
  }

  private answerOld(url: URL, body: Values, request: IncomingMessage, response: ServerResponse) {
    if (url.pathname === '/Action/login') return this.signIn(body, response)
    if (url.pathname !== '/Action/call') return void response.writeHead(404).end('not found')
    const session = /sess_key=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
    if (!session || !this.sessions.has(session)) {
      return send(response, { Result: 10_014, ErrMsg: 'no login authentication' })
    }
    const {
      func_name: name,
      action,
      param,
    } = body as { func_name: string; action: string; param: Values }
    this.calls.push(`${name} ${action}`)
    if (name === 'monitor_iface') {
      return send(response, { Result: 30_000, ErrMsg: 'Success', Data: { iface_check: LINES } })
    }
    if (name === 'homepage') {
      const sysstat = { hostname: 'iKuai', verinfo: { version: VERSION, sysbit: 'x64' } }
      return send(response, { Result: 30_000, ErrMsg: 'Success', Data: { sysstat } })
    }
    if (name !== 'dnat') return send(response, { Result: 30_001, ErrMsg: '参数不合法' })
    const outcome = this.act(action, param)
    if (outcome.fault === 'lose_answer') return void request.socket.destroy()
    if (outcome.fault === 'malformed')
      return void response.end('{"Result":30000,"Data":{"data":timeout}}')
    if ('refused' in outcome) return send(response, { Result: 30_001, ErrMsg: outcome.refused })
    send(response, {
      Result: 30_000,
      ErrMsg: 'Success',
      ...(outcome.id && { RowId: outcome.id }),
      ...(outcome.page && { Data: outcome.page }),
    })
  }

  private signIn(body: Values, response: ServerResponse) {
    this.calls.push('login')
    const md5 = createHash('md5').update(this.password).digest('hex')
    if (body.username !== USER || body.passwd !== md5) {
      return send(response, { Result: 10_001, ErrMsg: '用户名或密码错误' })
    }
    const session = randomBytes(8).toString('hex')
    this.sessions.add(session)
    response.setHeader('set-cookie', `sess_key=${session}; Path=/`)
    send(response, { Result: 10_000, ErrMsg: 'Success' })
  }

  private answerNew(url: URL, body: Values, request: IncomingMessage, response: ServerResponse) {
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return send(response, { code: 3_007, message: 'token invalid or expired' }, 401)
    }
    const [, id] = /^\/api\/v4\.0\/network\/dnat\/rules(?:\/(\d+))?$/.exec(url.pathname) ?? [null]
    if (id === null) return send(response, { code: 5_000, message: 'not found' }, 404)
    const action = { GET: 'show', POST: 'add', PUT: 'edit', DELETE: 'del' }[request.method!]!
    this.calls.push(`rules ${action}`)
    const page = Number(url.searchParams.get('page') ?? 1)
    const size = Number(url.searchParams.get('page_size') ?? 50)
    const wanted = action === 'show' ? { limit: `${(page - 1) * size},${size}` } : body
    if (action === 'add' && (!/^.{1,15}$/.test(String(body.tagname)) || !body.interface)) {
      const details = [{ field: 'tagname', type: 'length', msg: '1-15' }]
      return send(response, { code: 3_001, message: 'parameter error', details }, 400)
    }
    const outcome = this.act(action, { ...wanted, ...(id && { id: Number(id) }) })
    if (outcome.fault === 'lose_answer') return void request.socket.destroy()
    if (outcome.fault === 'malformed') return void response.end('{"code":0,"results":{')
    if ('refused' in outcome) return send(response, { code: 5_000, message: outcome.refused }, 400)
    // Its own client meets a bare nil here, too.
    if (!outcome.page)
      return void response.end(
        `{"code":0,"message":"Success","results":nil,"rowid":"${outcome.id ?? 0}"}`
      )
    send(response, { code: 20_000, message: 'Success', results: outcome.page })
  }

  private act(
    action: string,
    param: Values
  ):
    | { fault?: Fault; id?: number; page?: { total: number; data: Rule[] } }
    | { refused: string; fault?: Fault } {
    const at = this.faults.findIndex(({ call }) => call === action)
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]!.fault
    if (fault === 'full') return { refused: '规则数量已达上限' }
    if (fault === 'forget') return { id: this.nextId++ }
    switch (action) {
      case 'show': {
        const [offset, count] = String(param.limit ?? '0,20')
          .split(',')
          .map(Number)
        const data = this.rules.slice(offset, offset! + count!)
        return { fault, page: { total: this.rules.length, data } }
      }
      case 'add': {
        const rule = this.made(param)
        this.rules.push(rule)
        return { fault, id: rule.id }
      }
      case 'edit': {
        const index = this.rules.findIndex(({ id }) => id === param.id)
        if (index < 0) return { refused: '规则不存在', fault }
        this.rules[index] = { ...this.made(param), id: Number(param.id) }
        return { fault, id: Number(param.id) }
      }
      case 'del':
        this.rules = this.rules.filter(({ id }) => id !== param.id)
        return { fault, id: Number(param.id) }
      default:
        return { refused: '参数不合法' }
    }
  }

  private made(values: Values): Rule {
    const word = (name: string) => String(values[name] ?? '')
    return {
      id: this.nextId++,
      enabled: word('enabled') || 'yes',
      comment: word('comment'),
      tagname: word('tagname'),
      interface: word('interface'),
      lan_addr: word('lan_addr'),
      lan_port: word('lan_port'),
      wan_port: word('wan_port'),
      protocol: word('protocol'),
      src_addr: values.src_addr ?? '',
    }
  }
}

function send(response: ServerResponse, body: Values, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function offsetIn(ports: string, port: number): number | null {
  for (const part of ports.split(',')) {
    const [first, last = first] = part.split('-').map(Number)
    if (port >= first! && port <= last!) return port - first!
  }
  return null
}
