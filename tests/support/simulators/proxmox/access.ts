import { randomBytes, randomUUID } from 'node:crypto'
import { Refusal } from './refusal.js'

type Privileges = ReadonlySet<string>
type User = {
  userid: string
  password: string | null
  enable: boolean
  expire: number
  comment: string
}
type Token = {
  userid: string
  tokenid: string
  value: string
  hasOwnRights: boolean
  expire: number
  comment: string
}
type Entry = {
  path: string
  type: 'user' | 'token' | 'group'
  ugid: string
  roleid: string
  propagate: boolean
}
type Ticket = { userid: string; csrf: string; expiresAt: number }

/** Who asks: a user, or one of his tokens (`portico@pve!portal`). */
export type Identity = { id: string; userid: string; isToken: boolean }

const ROOT = 'root@pam'
const TICKET_MS = 2 * 3_600_000
const VM =
  'Allocate Audit Backup Clone Config.CDROM Config.CPU Config.Cloudinit Config.Disk Config.HWType Config.Memory Config.Network Config.Options Console Migrate Monitor PowerMgmt Snapshot Snapshot.Rollback'
const ALL = [
  ...VM.split(' ').map((name) => `VM.${name}`),
  ...['Allocate', 'AllocateSpace', 'AllocateTemplate', 'Audit'].map((name) => `Datastore.${name}`),
  ...[
    'Sys.Audit',
    'Sys.Modify',
    'Sys.Console',
    'Sys.Syslog',
    'Sys.PowerMgmt',
    'Sys.AccessNetwork',
    'Sys.Incoming',
    'Permissions.Modify',
    'User.Modify',
  ],
  ...['Group.Allocate', 'Realm.AllocateUser', 'Realm.Allocate', 'Pool.Allocate', 'Pool.Audit'],
  ...['SDN.Use', 'SDN.Audit', 'SDN.Allocate', 'Mapping.Use', 'Mapping.Audit', 'Mapping.Modify'],
]
const NOT_FOR_ADMINS = new Set(['Sys.Modify', 'Realm.Allocate', 'Sys.Console'])
const PREDEFINED: Record<string, readonly string[]> = {
  Administrator: ALL,
  NoAccess: [],
  PVEAdmin: ALL.filter((name) => !NOT_FOR_ADMINS.has(name)),
  PVEAuditor: ALL.filter((name) => name.endsWith('.Audit')),
  PVEVMUser: [
    'VM.Audit',
    'VM.Backup',
    'VM.Config.CDROM',
    'VM.Config.Cloudinit',
    'VM.Console',
    'VM.PowerMgmt',
  ],
}

/** Users, tokens, roles and rights of a cluster, and the tickets that it gave out. */
export class Access {
  readonly users = new Map<string, User>()
  readonly tokens = new Map<string, Token>()
  readonly roles = new Map<string, Privileges>()
  entries: Entry[] = []
  private readonly tickets = new Map<string, Ticket>()

  constructor() {
    for (const [name, privileges] of Object.entries(PREDEFINED))
      this.roles.set(name, new Set(privileges))
    this.users.set(ROOT, {
      userid: ROOT,
      password: randomUUID(),
      enable: true,
      expire: 0,
      comment: '',
    })
  }

  addUser(
    userid: string,
    { password = null as string | null, enable = true, expire = 0, comment = '' } = {}
  ): void {
    if (this.users.has(userid)) {
      throw new Refusal(500, `create user failed: user '${userid}' already exists`)
    }
    this.users.set(userid, { userid, password, enable, expire, comment })
  }

  /** Rights and tokens go with a user. */
  removeUser(userid: string): void {
    this.users.delete(userid)
    for (const [id, token] of this.tokens) if (token.userid === userid) this.tokens.delete(id)
    this.entries = this.entries.filter(
      ({ ugid }) => ugid !== userid && !ugid.startsWith(`${userid}!`)
    )
  }

  addToken(
    userid: string,
    tokenid: string,
    { hasOwnRights = true, expire = 0, comment = '' } = {}
  ): Token {
    this.user(userid)
    const id = `${userid}!${tokenid}`
    if (this.tokens.has(id)) throw new Refusal(400, 'Token already exists.')
    const token = { userid, tokenid, value: randomUUID(), hasOwnRights, expire, comment }
    this.tokens.set(id, token)
    return token
  }

  user(userid: string): User {
    const user = this.users.get(userid)
    if (!user) throw new Refusal(500, `no such user ('${userid}')`)
    return user
  }

  role(roleid: string): Privileges {
    const role = this.roles.get(roleid)
    if (!role) throw new Refusal(500, `role '${roleid}' does not exist`)
    return role
  }

  grant(entry: Entry): void {
    this.revoke(entry)
    this.entries.push(entry)
  }

  revoke({ path, ugid, roleid }: Pick<Entry, 'path' | 'ugid' | 'roleid'>): void {
    this.entries = this.entries.filter(
      (entry) => entry.path !== path || entry.ugid !== ugid || entry.roleid !== roleid
    )
  }

  forgetPath(path: string): void {
    this.entries = this.entries.filter((entry) => entry.path !== path)
  }

  /** A password signs in, and so does a ticket that still lives. */
  signIn(userid: string, password: string): { ticket: string; csrf: string } {
    const user = this.users.get(userid)
    const renewed = this.tickets.get(password)
    const isKnown = renewed
      ? renewed.userid === userid && renewed.expiresAt > Date.now()
      : user?.password === password
    if (!user || !isKnown || !isAlive(user)) throw new Refusal(401, 'authentication failure')
    const seconds = Math.floor(Date.now() / 1_000)
      .toString(16)
      .toUpperCase()
    const ticket = `PVE:${userid}:${seconds}::${randomBytes(256).toString('base64')}`
    const csrf = `${seconds}:${randomBytes(32).toString('base64').replace('=', '')}`
    this.tickets.set(ticket, { userid, csrf, expiresAt: Date.now() + TICKET_MS })
    return { ticket, csrf }
  }

  expireTickets(): void {
    this.tickets.clear()
  }

  /** Whoever shows this cookie or this header; null when nobody is known by it. */
  identify({
    cookie,
    authorization,
  }: {
    cookie?: string
    authorization?: string
  }): Identity | null {
    const shown = /^PVEAPIToken=(?<id>[^\s=]+![^\s=]+)[=:](?<value>\S+)$/.exec(authorization ?? '')
    if (shown) {
      const token = this.tokens.get(shown.groups!.id!)
      const isGood = token && token.value === shown.groups!.value && isAlive(token)
      if (!isGood || !isAlive(this.users.get(token.userid))) return null
      return { id: shown.groups!.id!, userid: token.userid, isToken: true }
    }
    const ticket = this.tickets.get(ticketIn(cookie) ?? '')
    if (!ticket || ticket.expiresAt <= Date.now() || !isAlive(this.users.get(ticket.userid)))
      return null
    return { id: ticket.userid, userid: ticket.userid, isToken: false }
  }

  hasProof(cookie: string | undefined, csrf: string | undefined): boolean {
    return csrf !== undefined && this.tickets.get(ticketIn(cookie) ?? '')?.csrf === csrf
  }

  /** What this identity may do at a path; the nearest entry above it counts. */
  privileges({ id, userid, isToken }: Identity, path: string): Privileges {
    const ofUser = userid === ROOT ? new Set(ALL) : this.at(path, userid)
    if (!isToken || !this.tokens.get(id)?.hasOwnRights) return ofUser
    const ofToken = this.at(path, id)
    return new Set([...ofUser].filter((privilege) => ofToken.has(privilege)))
  }

  may(identity: Identity, path: string, ...anyOf: string[]): boolean {
    const held = this.privileges(identity, path)
    return anyOf.some((privilege) => held.has(privilege))
  }

  require(identity: Identity, path: string, ...anyOf: string[]): void {
    if (!this.may(identity, path, ...anyOf)) throw Refusal.forbidden(path, ...anyOf)
  }

  /** Only root himself, with a ticket, passes everywhere. */
  isRoot({ id }: Identity): boolean {
    return id === ROOT
  }

  private at(path: string, ugid: string): Privileges {
    const parts = path.split('/').filter(Boolean)
    const above = parts.map((_part, at) => `/${parts.slice(0, at + 1).join('/')}`)
    let held: Privileges = new Set()
    for (const place of ['/', ...above]) {
      const entries = this.entries.filter((entry) => entry.path === place && entry.ugid === ugid)
      const reaching = entries.filter((entry) => entry.propagate || place === path)
      if (reaching.length === 0) continue
      held = new Set(reaching.flatMap(({ roleid }) => [...this.role(roleid)]))
    }
    return held
  }
}

function ticketIn(cookie: string | undefined): string | undefined {
  const found = /(?:^|;\s*)PVEAuthCookie=([^;]+)/.exec(cookie ?? '')?.[1]
  return found && decodeURIComponent(found)
}

function isAlive(holder: { enable?: boolean; expire: number } | undefined): boolean {
  if (!holder || holder.enable === false) return false
  return holder.expire === 0 || holder.expire * 1_000 > Date.now()
}
