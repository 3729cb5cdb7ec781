import { createHash } from 'node:crypto'
import { DriverError } from '#drivers/errors'
import { list, record, text, type Json } from '#drivers/json'
import type { RouterAccess } from '#forwarders/contract'
import { refusal } from '#forwarders/ikuai/refusals'
import type { NewRule, RouterRule } from '#forwarders/ikuai/rules'
import type { RouterProtocol, RouterState } from '#forwarders/ikuai/protocol'
import type { RouterTransport } from '#forwarders/ikuai/transport'

const SIGNED_IN = 10_000
const DONE = 30_000
/** The session is over: sign in again and ask once more. */
const EXPIRED = 10_014
const PAGE = 500

/** iKuai 3.x: everything is a POST to /Action/call with a session cookie. */
export class SessionProtocol implements RouterProtocol {
  readonly generation = '3.x'
  private session: Promise<string> | null = null

  constructor(
    private readonly transport: RouterTransport,
    private readonly access: RouterAccess
  ) {}

  async rules(): Promise<RouterRule[]> {
    const rules: RouterRule[] = []
    for (;;) {
      const answer = await this.call('dnat', 'show', {
        TYPE: 'total,data',
        limit: `${rules.length},${PAGE}`,
        ORDER_BY: 'id',
        ORDER: 'asc',
        FINDS: '',
        KEYWORDS: '',
      })
      const data = record(answer.Data)
      const page = data.data
      // An answer that is cut off must not read as "there are none".
      if (!Array.isArray(page)) throw this.notUnderstood('dnat')
      rules.push(...page.map(toRule))
      if (page.length === 0 || rules.length >= Number(data.total)) return rules
    }
  }

  async add(rule: NewRule): Promise<void> {
    await this.call('dnat', 'add', toParam(rule))
  }

  async edit(id: string, rule: NewRule): Promise<void> {
    await this.call('dnat', 'edit', { ...toParam(rule), id: Number(id) })
  }

  async remove(id: string): Promise<void> {
    await this.call('dnat', 'del', { id: Number(id) })
  }

  async state(): Promise<RouterState> {
    const answer = await this.call('monitor_iface', 'show', { TYPE: 'iface_check' })
    const lines = record(answer.Data)
    if (!Array.isArray(lines.iface_check)) throw this.notUnderstood('monitor_iface')
    return {
      lines: list(lines.iface_check).map((line) => ({
        name: text(record(line).interface) ?? '',
        address: text(record(line).ip_addr),
      })),
    }
  }

  async version(): Promise<string | null> {
    try {
      const answer = await this.call('homepage', 'show', { TYPE: 'sysstat' })
      const { sysstat } = record(answer.Data)
      return text(record(record(sysstat).verinfo).version)
    } catch (error) {
      // Some firmware has no such page.
      if (error instanceof DriverError && !error.retryable && error.kind !== 'unauthorized')
        return null
      throw error
    }
  }

  private async call(name: string, action: string, param: Json): Promise<Json> {
    const first = await this.once(name, action, param)
    if (Number(first.Result) !== EXPIRED) return this.read(first)
    this.session = null
    return this.read(await this.once(name, action, param))
  }

  private async once(name: string, action: string, param: Json): Promise<Json> {
    this.session ??= this.signIn()
    const cookie = await this.session.catch((error) => {
      this.session = null
      throw error
    })
    const { body } = await this.transport.send(`${action} ${name}`, 'POST', '/Action/call', {
      body: { func_name: name, action, param },
      headers: { cookie },
      isRead: action === 'show',
    })
    return body
  }

  private read(body: Json): Json {
    if (Number(body.Result) === DONE) return body
    if (Number(body.Result) === EXPIRED) {
      throw new DriverError('unauthorized', `${this.transport.where} ends each session at once`)
    }
    throw refusal(this.transport.where, text(body.ErrMsg) ?? `result ${String(body.Result)}`)
  }

  private async signIn(): Promise<string> {
    const { username, password } = this.access
    if (username === null || password === null) {
      throw new DriverError('unauthorized', 'iKuai 3.x needs a user name and a password')
    }
    const { body, headers } = await this.transport.send('sign in', 'POST', '/Action/login', {
      body: {
        username,
        passwd: createHash('md5').update(password).digest('hex'),
        pass: Buffer.from(`salt_11${password}`).toString('base64'),
        remember_password: '',
      },
      isRead: true,
    })
    if (!('Result' in body)) {
      throw new DriverError(
        'unsupported',
        `${this.transport.where} does not speak as iKuai 3.x does; for 4.x give an API token`
      )
    }
    const cookie = (headers['set-cookie'] ?? []).find((line) => line.startsWith('sess_key='))
    // Some firmware answers as if all were well and gives no session.
    if (Number(body.Result) !== SIGNED_IN || !cookie) {
      throw new DriverError(
        'unauthorized',
        `${this.transport.where} refuses the user or the password`
      )
    }
    return cookie.split(';')[0]!
  }

  private notUnderstood(name: string): DriverError {
    return new DriverError('timeout', `${this.transport.where} gave no whole answer to ${name}`)
  }
}

function toRule(value: unknown): RouterRule {
  const row = record(value)
  return {
    id: String(row.id),
    isEnabled: row.enabled === 'yes',
    comment: text(row.comment) ?? '',
    interface: text(row.interface) ?? '',
    lanAddress: text(row.lan_addr) ?? '',
    lanPort: String(row.lan_port ?? ''),
    wanPort: String(row.wan_port ?? ''),
    protocol: row.protocol === 'tcp' || row.protocol === 'udp' ? row.protocol : 'tcp+udp',
    sourceAddress: text(row.src_addr) ?? '',
  }
}

function toParam(rule: NewRule): Json {
  return {
    enabled: rule.isEnabled ? 'yes' : 'no',
    comment: rule.comment,
    interface: rule.interface,
    lan_addr: rule.lanAddress,
    lan_port: rule.lanPort,
    wan_port: rule.wanPort,
    protocol: rule.protocol,
    src_addr: rule.sourceAddress,
  }
}
