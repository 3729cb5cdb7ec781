import { KNOWN, UNRECORDED } from './known_differences.js'
import { plain, unlikeness } from './likeness.js'
import { ProxmoxSimulator } from './simulator.js'
import { Visitor, type Answer } from './visitor.js'

/** One recorded exchange with the real API. */
export type Exchange = {
  note?: string
  who?: string
  method?: string
  path?: string
  body?: Record<string, string | number>
  status: number
  reason?: string
  response: { data?: unknown; errors?: Record<string, string>; total?: number } | ''
}
export type Finding = {
  at: number
  call: string
  verdict: 'alike' | 'known' | 'unlike'
  why: string
}

const NODE = 'pve1'
const ROOT = 'root@pam'
const GUEST = 90_101
/** Does in a simulator what was once done with a real node, and tells where it answers otherwise. */
export async function replay(exchanges: readonly Exchange[]): Promise<Finding[]> {
  const simulator = await ProxmoxSimulator.start({
    nodes: [
      {
        name: NODE,
        cpus: 2,
        bridges: ['vmbr0'],
        storages: [
          { name: 'local' },
          { name: 'bt', type: 'btrfs', content: ['images', 'rootdir'], totalGib: 4, usedGib: 0 },
        ],
      },
    ],
    paces: { statsMs: 0 },
  })
  try {
    const replayed = new Replay(simulator, exchanges)
    return await replayed.run()
  } finally {
    await simulator.close()
  }
}

class Replay {
  private readonly visitors = new Map<string, Visitor>()
  private readonly upids = new Map<string, string>()
  private readonly secrets = new Map<string, string>()
  private readonly digests = new Map<string, string>()
  private readonly findings: Finding[] = []
  private ticket = ''
  private racers: { at: number; exchange: Exchange; answer: Answer }[] = []

  constructor(
    private readonly simulator: ProxmoxSimulator,
    private readonly exchanges: readonly Exchange[]
  ) {
    const config = { hostname: `ct${GUEST}`, memory: '256', swap: '128', cores: '1' }
    const guest = simulator.place(GUEST, { isRunning: true, gib: 2, config })
    guest.volume!.storage = 'local'
    // The account of the simulator itself is not in the records.
    const { access } = simulator.cluster
    access.removeUser(simulator.username)
    access.roles.delete('Portico')
  }

  async run(): Promise<Finding[]> {
    for (const [at, exchange] of this.exchanges.entries()) await this.one(at, exchange)
    return this.findings
  }

  private async one(at: number, exchange: Exchange): Promise<void> {
    const { note = '', method, path } = exchange
    if (note === 'task end') return this.end(at, exchange)
    if (note.startsWith('task log of ')) return this.log(at, exchange)
    const call = `${method} ${path}`
    const unrecorded = UNRECORDED[at]
    if (unrecorded) await (await this.visitor(ROOT)).put(unrecorded.path, unrecorded.values)
    this.prepare(at, exchange)
    const answer = await this.ask(exchange)
    this.remember(exchange, answer)
    if (note.startsWith('race')) return this.race(at, exchange, answer)
    const { response } = exchange
    const said = [
      `status: ${answer.status} ${plain(answer.reason)}`,
      `status: ${exchange.status} ${plain(exchange.reason)}`,
    ]
    const unlike = said[0] === said[1] ? [] : [`${said[0]}, not ${said[1]}`]
    if (response) {
      unlike.push(...unlikeness(response.data ?? null, answer.data))
      unlike.push(...unlikeness(response.errors ?? {}, answer.errors ?? {}, 'errors'))
    }
    this.find(at, call, unlike)
  }

  /** The state in which the record was made, as far as it shows. */
  private prepare(at: number, { status, response }: Exchange): void {
    const daemon = status === 595 ? 'down' : status === 596 ? 'frozen' : 'up'
    this.simulator.setDaemon(NODE, daemon)
    const upid =
      response && typeof response.data === 'string' && response.data.startsWith('UPID:')
        ? response.data
        : null
    if (!upid) return
    const end = this.exchanges
      .slice(at)
      .find(({ note, path }) => note === 'task end' && path?.includes(upid))
    const data = end?.response && (end.response.data as { exitstatus: string })
    const type = upid.split(':')[5]!
    if (data && data.exitstatus.endsWith('received interrupt')) this.simulator.stallTask(type)
    // Programs that the recorded machine lacked.
    if (data && data.exitstatus.startsWith('unable to find command'))
      this.simulator.failTask(type, data.exitstatus)
  }

  private async ask({ who = ROOT, method, path, body = {}, response }: Exchange): Promise<Answer> {
    // Whoever opened a console stands in the answer; the record names who recorded it.
    const opener =
      path!.endsWith('/termproxy') && response && (response.data as { user?: string } | null)?.user
    const visitor = await this.visitor(opener || who)
    const values = { ...body }
    if (values.digest) values.digest = this.digests.get(String(values.digest)) ?? values.digest
    if (path === '/access/ticket' && method === 'POST') values.password = this.ticket
    if (String(values.ostemplate).includes(':backup/'))
      values.ostemplate = this.backup(String(values.ostemplate))
    const form = new URLSearchParams(
      Object.entries(values).map(([key, value]): [string, string] => [key, String(value)])
    ).toString()
    return visitor.call(
      method!,
      this.translated(path!),
      method === 'GET' || method === 'DELETE' ? '' : form
    )
  }

  private async visitor(who: string): Promise<Visitor> {
    const known = this.visitors.get(who)
    if (known) return known
    const secret = this.secrets.get(who)
    const visitor = who.includes('!')
      ? new Visitor(this.simulator, { authorization: `PVEAPIToken=${who}=${secret}` })
      : await this.signedIn(who, secret)
    this.visitors.set(who, visitor)
    return visitor
  }

  private async signedIn(username: string, secret?: string): Promise<Visitor> {
    const password = secret ?? this.simulator.cluster.access.user(username).password!
    const nobody = new Visitor(this.simulator, {})
    const { data } = await nobody.post('/access/ticket', { username, password })
    const { ticket, CSRFPreventionToken: csrf } = data as Record<string, string>
    if (username === ROOT) this.ticket = ticket!
    return new Visitor(this.simulator, {
      cookie: `PVEAuthCookie=${encodeURIComponent(ticket!)}`,
      csrf,
    })
  }

  private remember({ method, path, body, response }: Exchange, { data }: Answer): void {
    const recorded = response ? response.data : null
    if (typeof recorded === 'string' && recorded.startsWith('UPID:'))
      this.upids.set(recorded, String(data))
    const opened = (recorded as { upid?: string } | null)?.upid
    if (method === 'POST' && opened) this.upids.set(opened, (data as { upid: string }).upid)
    const digest = (recorded as { digest?: string } | null)?.digest
    if (digest && data) this.digests.set(digest, (data as { digest: string }).digest)
    if (method === 'POST' && path === '/access/users')
      this.secrets.set(String(body!.userid), String(body!.password))
    const [, user, token] = /^\/access\/users\/([^/]+)\/token\/([^/]+)$/.exec(path!) ?? []
    if (method !== 'POST' || !token) return
    this.secrets.set(`${user}!${token}`, (data as { value: string }).value)
    this.visitors.delete(`${user}!${token}`)
  }

  /** Who wins is not said; that there is one winner is. */
  private race(at: number, exchange: Exchange, answer: Answer): void {
    this.racers.push({ at, exchange, answer })
    if (this.exchanges[at + 1]?.note?.startsWith('race')) return
    const won = this.racers.filter(({ answer: { status } }) => status === 200)
    const lost = this.racers.filter(({ answer: { reason } }) =>
      reason.endsWith("already exists on node 'pve1'")
    )
    const isAlike = won.length === 1 && lost.length === this.racers.length - 1
    for (const { exchange: raced } of this.racers) {
      const winner = raced.response && raced.response.data
      if (typeof winner === 'string') this.upids.set(winner, String(won[0]?.answer.data))
    }
    for (const { at: place } of this.racers) {
      this.find(
        place,
        `${exchange.method} ${exchange.path}`,
        isAlike ? [] : [`${won.length} winners`]
      )
    }
    this.racers = []
  }

  private async end(at: number, { path, response }: Exchange): Promise<void> {
    const recorded = /UPID:[^/]+/.exec(path!)![0]
    const upid = this.upids.get(recorded)
    const { exitstatus } = (response as { data: { exitstatus: string } }).data
    const visitor = await this.visitor(ROOT)
    const ended = upid ? await visitor.end(upid) : 'not begun'
    this.find(
      at,
      `end of ${recorded}`,
      plain(ended) === plain(exitstatus) ? [] : [`${ended}, not ${exitstatus}`]
    )
  }

  private async log(at: number, { note, response }: Exchange): Promise<void> {
    const recorded = note!.slice('task log of '.length, -1)
    const upid = this.upids.get(recorded) ?? this.upids.get(`${recorded}:`)
    const visitor = await this.visitor(ROOT)
    const path = `/nodes/${NODE}/tasks/${encodeURIComponent(upid ?? 'none')}/log`
    const { data } = await visitor.get(path)
    const type = recorded.split(':')[5]
    this.find(
      at,
      `log of ${type} ${recorded}`,
      unlikeness((response as { data: unknown }).data, data)
    )
  }

  private find(at: number, call: string, unlike: readonly string[]): void {
    const known = KNOWN.find(
      ({ call: pattern, at: only }) => pattern.test(call) && (only ?? at) === at
    )
    const verdict = unlike.length === 0 ? 'alike' : known ? 'known' : 'unlike'
    this.findings.push({
      at,
      call,
      verdict,
      why: verdict === 'known' ? known!.why : unlike.join('; '),
    })
  }

  private translated(path: string): string {
    let text = path.replaceAll(/UPID(?::|%3A)[^/]+/g, (recorded) => {
      const upid = this.upids.get(decodeURIComponent(recorded))
      return upid ? encodeURIComponent(upid) : recorded
    })
    if (text.includes('vzdump-lxc')) {
      const volume = decodeURIComponent(text.split('/content/')[1]!)
      text = text.replace(/content\/.*$/, `content/${encodeURIComponent(this.backup(volume))}`)
    }
    return text
  }

  private backup(recorded: string): string {
    const [storage] = recorded.split(':')
    const last = this.simulator.cluster.backups.at(-1)
    return last ? `${storage}:backup/${last.file}` : recorded
  }
}
