import { randomUUID } from 'node:crypto'
import https from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { identifyServer } from '#drivers/pinned_agent'
import { selfSigned } from '#tests/support/certificates'
import type { Identity } from './access.js'
import { Cluster, MEASURED, QUICK, type NodeWish, type Paces } from './cluster.js'
import { Faults, type Fault } from './faults.js'
import { Guest, type Config } from './guest.js'
import { complaints, tidy } from './parameter.js'
import { Refusal } from './refusal.js'
import { ROUTES } from './routes/index.js'
import { Page } from './routes/route.js'
import { METHODS } from './tables/index.js'

export type { Fault, NodeWish, Paces }
export { MEASURED, QUICK }

export type SeenRequest = { call: string; given: Config; user: string | null; status: number }
type Known = { call: string; pattern: RegExp; names: readonly string[] }

const API = '/api2/json'
const CONSOLE = 'GET /nodes/{node}/lxc/{vmid}/vncwebsocket'
const USER = 'portico@pve'
const TOKEN = 'portal'
const ROLE = 'Portico'
/** What the manual of Portico asks for, and no more. */
const PRIVILEGES =
  'VM.Allocate VM.Audit VM.Clone VM.Config.Disk VM.Config.CPU VM.Config.Memory VM.Config.Network VM.Config.Options VM.Console VM.PowerMgmt VM.Migrate VM.Snapshot VM.Snapshot.Rollback VM.Backup Datastore.AllocateSpace Datastore.Audit Sys.Audit SDN.Use Realm.AllocateUser User.Modify Permissions.Modify'

/** For accounts of single consoles, as the manual has it made. */
const CONSOLE_ROLE = 'PorticoConsole'

/**
 * The API of a cluster of Proxmox VE nodes, as the contract and recorded exchanges have it: state that stays, tasks
 * that take time, locks, rights, refusals in its own words, and every request held against its table of parameters.
 */
export class ProxmoxSimulator {
  readonly cluster: Cluster
  readonly requests: SeenRequest[] = []
  readonly tokenId = `${USER}!${TOKEN}`
  readonly username = USER
  readonly password = randomUUID()
  /** SHA-256 of its certificate: 64 lower-case hex digits. */
  fingerprint = ''
  private readonly faults = new Faults()
  private readonly sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: () => 'binary',
  })
  private readonly known: Known[]
  private readonly thawing: (() => void)[] = []
  private strangers = 0

  private constructor(
    private readonly server: https.Server,
    nodes: readonly NodeWish[],
    paces: Paces
  ) {
    this.cluster = new Cluster(nodes, paces)
    this.known = Object.keys(METHODS).map((call) => {
      const template = call.slice(call.indexOf(' ') + 1)
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
      // A volume's name holds slashes; some clients leave them as they are.
      const path = template.replaceAll('{volume}', '(.+)').replaceAll(/\{\w+\}/g, '([^/]+)')
      return { call, names, pattern: new RegExp(`^${path}$`) }
    })
    const { access } = this.cluster
    access.roles.set(ROLE, new Set(PRIVILEGES.split(' ')))
    access.roles.set(CONSOLE_ROLE, new Set(['VM.Audit', 'VM.Console']))
    access.addUser(USER, { password: this.password })
    access.addToken(USER, TOKEN)
    for (const [type, ugid] of [['user', USER] as const, ['token', this.tokenId] as const]) {
      access.grant({ path: '/', roleid: ROLE, type, ugid, propagate: true })
    }
  }

  static async start({
    nodes = [{ name: 'pve1' }],
    paces = {},
  }: { nodes?: readonly NodeWish[]; paces?: Partial<Paces> } = {}): Promise<ProxmoxSimulator> {
    const { certificate, privateKey } = selfSigned(nodes[0]!.name)
    const server = https.createServer({ cert: certificate, key: privateKey })
    const simulator = new ProxmoxSimulator(server, nodes, { ...QUICK, ...paces })
    server.on('request', (request, response) => void simulator.answer(request, response))
    server.on('upgrade', (request, socket, head) => simulator.upgrade(request, socket, head))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    simulator.cluster.certificate = certificate
    const { fingerprint } = await identifyServer('127.0.0.1', simulator.port)
    simulator.fingerprint = fingerprint
    simulator.cluster.fingerprint = fingerprint.toUpperCase().match(/../g)!.join(':')
    return simulator
  }

  get endpoint(): string {
    return `https://127.0.0.1:${this.port}`
  }

  /** The secret of the token `tokenId`. */
  get token(): string {
    return this.cluster.access.tokens.get(this.tokenId)?.value ?? ''
  }

  /** Those that the real one would have refused for their parameters. */
  get invalidRequests(): SeenRequest[] {
    return this.requests.filter(({ status }) => status === 400)
  }

  /** `call` as in the tables: `POST /nodes/{node}/lxc`. */
  fail(call: string, fault: Fault, options: Parameters<Faults['plan']>[2] = {}): void {
    if (!(call in METHODS)) throw new Error(`no such call: ${call}`)
    this.faults.plan(call, fault, options)
  }

  /** The next task of this type is taken, and ends with this text. */
  failTask(type: string, exitstatus: string): void {
    this.cluster.tasks.plan(type, { fail: exitstatus })
  }

  /** The next task of this type is done, but nobody can ask for it. */
  loseTask(type: string): void {
    this.cluster.tasks.plan(type, 'lose')
  }

  /** The next task of this type runs until `release()`. */
  stallTask(type: string): void {
    this.cluster.tasks.plan(type, 'stall')
  }

  /** What stalls goes on. */
  release(): void {
    this.faults.release()
    this.cluster.tasks.release()
  }

  /** What runs there breaks off and leaves its locks; containers come up again where they should. */
  restart(node: string): void {
    const found = this.cluster.node(node)
    found.bootedAt = Date.now()
    this.cluster.tasks.breakOff(node)
    for (const guest of this.cluster.guests.values()) {
      if (guest.node !== node) continue
      guest.stop()
      if (guest.config.onboot === '1' && !guest.lock) guest.start()
    }
  }

  /** Off the net, with everything on it. */
  setOnline(node: string, isOnline: boolean): void {
    this.cluster.node(node).isOnline = isOnline
  }

  setDaemon(node: string, daemon: 'up' | 'down' | 'frozen'): void {
    this.cluster.node(node).daemon = daemon
    if (daemon === 'up') for (const go of this.thawing.splice(0)) go()
  }

  /** Accounts that Portico made for consoles, and where each may do something. */
  get consoleAccounts(): { stamp: string; paths: string[] }[] {
    const { users, entries } = this.cluster.access
    return [...users.keys()].flatMap((userid) => {
      const [, stamp] = /^portico-(.+)@pve$/.exec(userid) ?? []
      const paths = entries.filter(({ ugid }) => ugid === userid).map(({ path }) => path)
      return stamp ? [{ stamp, paths }] : []
    })
  }

  expireToken(): void {
    const token = this.cluster.access.tokens.get(this.tokenId)
    if (token) token.expire = Math.floor(Date.now() / 1_000) - 1
  }

  expireTickets(): void {
    this.cluster.access.expireTickets()
  }

  /** Somebody else's container, made with Proxmox's own pages. */
  place(
    vmid: number,
    { node = this.cluster.nodes[0]!.name, isRunning = false, config = {} as Config, gib = 4 } = {}
  ): Guest {
    const guest = new Guest(vmid, node)
    guest.config = {
      arch: 'amd64',
      ostype: 'debian',
      memory: '512',
      swap: '512',
      hostname: `other${vmid}`,
      ...config,
    }
    guest.volume = {
      storage: this.cluster.node(node).storages.at(-1)!.name,
      gib,
      number: 0,
      isBase: false,
    }
    if (isRunning) guest.start()
    this.cluster.guests.set(vmid, guest)
    return guest
  }

  /** Before each of the next creates somebody else takes the very id that is asked for. */
  takeMeanwhile(times: number): void {
    this.strangers = times
  }

  async close(): Promise<void> {
    this.cluster.close()
    this.release()
    this.setDaemonsUp()
    for (const socket of this.sockets.clients) socket.terminate()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  private setDaemonsUp(): void {
    for (const { name } of this.cluster.nodes) this.setDaemon(name, 'up')
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.endpoint)
    const path = url.pathname.replace(API, '')
    const seen: SeenRequest = {
      call: `${request.method} ${path}`,
      given: {},
      user: null,
      status: 0,
    }
    try {
      const body = await textOf(request)
      const found = this.match(request.method!, path)
      if (!found) throw new Refusal(501, `Method '${request.method} ${path}' not implemented`)
      seen.call = found.call
      seen.given = { ...valuesOf(url.search.slice(1)), ...bodyOf(request, body), ...found.values }
      const who = this.identify(request, found.call)
      seen.user = who.id
      const data = await this.perform(seen, who, request)
      seen.status = 200
      send(
        response,
        200,
        'OK',
        data instanceof Page ? { data: data.data, total: data.total } : { data }
      )
    } catch (error) {
      if (error === CUT) return void request.socket.destroy()
      if (!(error instanceof Refusal)) throw error
      seen.status = error.status
      if (error.status === 401) await sleep(this.cluster.paces.unauthorizedMs)
      refuse(response, error)
    } finally {
      this.requests.push(seen)
    }
  }

  /** Consoles; whoever may not have one is refused before the protocol changes. */
  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url!, this.endpoint)
    const seen: SeenRequest = { call: CONSOLE, given: {}, user: null, status: 101 }
    try {
      const found = this.match('GET', url.pathname.replace(API, ''))
      if (found?.call !== CONSOLE) throw new Refusal(501, 'not implemented')
      seen.given = { ...valuesOf(url.search.slice(1)), ...found.values }
      const who = this.identify(request, CONSOLE)
      seen.user = who.id
      this.check(CONSOLE, seen.given, who)
      const guest = this.cluster.guest(seen.given)
      const { port, vncticket: shown } = seen.given
      const ticket = this.cluster.consoles.find({
        ...{ port: Number(port), ticket: shown!, vmid: guest.vmid, user: who.id },
      })
      if (!ticket) throw new Refusal(401, 'permission denied - invalid PVEVNC ticket')
      const { remoteAddress, remotePort } = request.socket
      this.sockets.handleUpgrade(request, socket, head, (opened) =>
        this.cluster.consoles.serve(opened, ticket, guest, `${remoteAddress}:${remotePort}`)
      )
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      seen.status = error.status
      socket.end(`HTTP/1.1 ${error.status} ${error.message}\r\nConnection: close\r\n\r\n`)
    } finally {
      this.requests.push(seen)
    }
  }

  private match(method: string, path: string): { call: string; values: Config } | null {
    for (const { call, pattern, names } of this.known) {
      const found = call.startsWith(`${method} `) && pattern.exec(path)
      if (!found) continue
      const values = names.map((name, at) => [name, decodeURIComponent(found[at + 1]!)])
      return { call, values: Object.fromEntries(values) as Config }
    }
    return null
  }

  private identify(request: IncomingMessage, call: string): Identity {
    if (call.endsWith(' /access/ticket')) return { id: '', userid: '', isToken: false }
    const { authorization, cookie } = request.headers
    const who = this.cluster.access.identify({ authorization, cookie })
    if (!who) {
      throw new Refusal(401, authorization || cookie ? 'Authentication failed!' : 'No ticket')
    }
    const proof = request.headers.csrfpreventiontoken as string | undefined
    if (!who.isToken && request.method !== 'GET' && !this.cluster.access.hasProof(cookie, proof)) {
      throw new Refusal(401, 'Permission denied - invalid csrf token')
    }
    if (who.isToken && METHODS[call]!.isForPeople) {
      throw new Refusal(403, 'API tokens are not allowed for this call')
    }
    return who
  }

  private async perform(
    seen: SeenRequest,
    who: Identity,
    request: IncomingMessage
  ): Promise<unknown> {
    const { call, given } = seen
    const fault = this.faults.strike({ call, given, request })
    if (fault === 'unreachable') throw new Refusal(595, 'Connection refused')
    if (fault === 'timed_out') throw new Refusal(596, 'Connection timed out')
    if (fault === 'stall') await this.faults.stall()
    if (fault && typeof fault === 'object')
      throw new Refusal(fault.status, fault.message, fault.errors)
    await this.reach(call, given, who)
    this.check(call, given, who)
    if (call === 'POST /nodes/{node}/lxc' && this.strangers > 0)
      this.takeAsStranger(Number(given.vmid))
    const data = ROUTES[call]!({
      given: tidy(METHODS[call]!.parameters, given),
      who,
      cluster: this.cluster,
    })
    if (fault === 'done_late') throw new Refusal(596, 'Connection timed out')
    if (fault === 'cut') throw CUT
    return data
  }

  /** First whether one may, then whether it makes sense. */
  private check(call: string, given: Config, who: Identity): void {
    const { needs, parameters } = METHODS[call]!
    if (needs) {
      const place = needs.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => given[name] ?? '')
      this.cluster.access.require(who, place, ...needs.anyOf)
    }
    const errors = complaints(parameters, given)
    if (Object.keys(errors).length > 0) throw Refusal.invalid(errors)
  }

  /** From the proxy to the daemon that does it, on the node that the path names. */
  private async reach(call: string, given: Config, who: Identity): Promise<void> {
    const { isProtected, isProxied } = METHODS[call]!
    const named = this.cluster.nodes.find(({ name }) => name === given.node)
    const node = isProxied && named ? named : this.cluster.nodes[0]!
    if (!node.isOnline) throw new Refusal(595, 'No route to host')
    if (!isProtected || node.daemon === 'up') return
    if (node.daemon === 'down') throw new Refusal(595, 'Connection refused')
    await sleep(this.cluster.paces.frozenMs)
    if (!call.startsWith('GET ')) this.thawing.push(() => this.performLater(call, given, who))
    throw new Refusal(596, 'Connection timed out')
  }

  /** The daemon finds the request in its socket when it wakes up; nobody reads its answer. */
  private performLater(call: string, given: Config, who: Identity): void {
    const { parameters } = METHODS[call]!
    try {
      ROUTES[call]!({ given: tidy(parameters, given), who, cluster: this.cluster })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  private takeAsStranger(vmid: number): void {
    this.strangers -= 1
    if (!this.cluster.takenBy(vmid)) this.place(vmid)
  }
}

const CUT = Symbol('cut')

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function bodyOf(request: IncomingMessage, body: string): Config {
  if (!request.headers['content-type']?.startsWith('application/json')) return valuesOf(body)
  const given = JSON.parse(body || '{}') as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      typeof value === 'boolean' ? (value ? '1' : '0') : String(value),
    ])
  )
}

/** As the real one reads forms: what stands behind a second, unescaped `=` is lost. */
function valuesOf(form: string): Config {
  return Object.fromEntries(
    form
      .split(/[&;]/)
      .filter(Boolean)
      .map((pair) => {
        const [key = '', value = ''] = pair
          .split('=')
          .map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
        return [key, value]
      })
  )
}

function send(response: ServerResponse, status: number, reason: string, body: unknown): void {
  response.writeHead(status, reason.replaceAll(/[^\x20-\x7E]/g, ' '), {
    'content-type': 'application/json;charset=UTF-8',
    'date': new Date().toUTCString(),
    'server': 'pve-api-daemon/3.0',
    // Every refusal ends the connection.
    ...(status >= 400 && { connection: 'close' }),
  })
  response.end(body === null ? undefined : JSON.stringify(body))
}

function refuse(response: ServerResponse, { status, message, errors }: Refusal): void {
  if ([401, 595, 596].includes(status)) return send(response, status, message, null)
  const end = status === 501 ? '' : '\n'
  send(response, status, message, {
    data: null,
    message: `${message}${end}`,
    ...(errors && { errors }),
  })
}
