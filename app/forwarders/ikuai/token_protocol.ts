import { DriverError } from '#drivers/errors'
import { list, record, text, type Json } from '#drivers/json'
import { markOf, type NewRule, type RouterRule } from '#forwarders/ikuai/rules'
import { refusal } from '#forwarders/ikuai/refusals'
import type { RouterProtocol, RouterState } from '#forwarders/ikuai/protocol'
import type { RouterTransport } from '#forwarders/ikuai/transport'

const RULES = '/api/v4.0/network/dnat/rules'
const DONE = new Set([0, 20_000])
const NOT_LET_IN = new Set([3_007, 1_008])
const PARAMETER_ERROR = 3_001
const PAGE = 200
const LONGEST_NAME = 15

/** iKuai 4.x: REST with an API token. */
export class TokenProtocol implements RouterProtocol {
  readonly generation = '4.x'

  constructor(
    private readonly transport: RouterTransport,
    private readonly token: string
  ) {}

  async rules(): Promise<RouterRule[]> {
    const rules: RouterRule[] = []
    for (let page = 1; ; page++) {
      const query = new URLSearchParams({
        page: String(page),
        page_size: String(PAGE),
        order: 'asc',
        order_by: 'id',
      })
      const body = await this.ask('GET', `${RULES}?${query}`)
      const answer = record(body.results ?? body.data)
      if (!Array.isArray(answer.data)) {
        throw new DriverError('timeout', `${this.transport.where} gave no whole list of its rules`)
      }
      rules.push(...answer.data.map(toRule))
      if (answer.data.length === 0 || rules.length >= Number(answer.total)) return rules
    }
  }

  async add(rule: NewRule): Promise<void> {
    await this.ask('POST', RULES, toBody(rule))
  }

  async edit(id: string, rule: NewRule): Promise<void> {
    await this.ask('PUT', `${RULES}/${encodeURIComponent(id)}`, toBody(rule))
  }

  async remove(id: string): Promise<void> {
    await this.ask('DELETE', `${RULES}/${encodeURIComponent(id)}`)
  }

  async state(): Promise<RouterState> {
    await this.ask('GET', `${RULES}?page=1&page_size=1`)
    return { lines: null }
  }

  /** No call of it that is known names one. */
  async version(): Promise<null> {
    return null
  }

  private async ask(method: string, path: string, body?: Json): Promise<Json> {
    const reply = await this.transport.send(`${method} rules`, method, path, {
      body,
      headers: { authorization: `Bearer ${this.token}` },
      isRead: method === 'GET',
    })
    const code = Number(reply.body.code)
    if (reply.status < 400 && DONE.has(code)) return reply.body
    if (reply.status === 401 || NOT_LET_IN.has(code)) {
      throw new DriverError('unauthorized', `${this.transport.where} refuses the API token`)
    }
    const said = text(reply.body.message) ?? `HTTP ${reply.status}`
    if (code !== PARAMETER_ERROR) throw refusal(this.transport.where, said)
    const fields = list(reply.body.details).map((detail) => {
      const { field, msg } = record(detail)
      return `${text(field) ?? '?'}: ${text(msg) ?? '?'}`
    })
    throw new DriverError('invalid', `${this.transport.where}: ${[said, ...fields].join('; ')}`)
  }
}

function toRule(value: unknown): RouterRule {
  const row = record(value)
  const source = record(row.src_addr)
  return {
    id: String(row.id),
    isEnabled: row.enabled === 'yes',
    comment: text(row.comment) ?? '',
    interface: text(row.interface) ?? '',
    lanAddress: text(row.lan_addr) ?? '',
    lanPort: String(row.lan_port ?? ''),
    wanPort: String(row.wan_port ?? ''),
    protocol: row.protocol === 'tcp' || row.protocol === 'udp' ? row.protocol : 'tcp+udp',
    sourceAddress: [...list(source.custom), ...list(source.object)].map(String).join(','),
  }
}

/** Left out, a field may be set back: always the whole rule. */
function toBody(rule: NewRule): Json {
  return {
    tagname: (markOf(rule)?.ref ?? rule.comment).slice(0, LONGEST_NAME),
    enabled: rule.isEnabled ? 'yes' : 'no',
    comment: rule.comment,
    interface: rule.interface,
    lan_addr: rule.lanAddress,
    lan_port: rule.lanPort,
    wan_port: rule.wanPort,
    protocol: rule.protocol,
    src_addr: { custom: [], object: [] },
  }
}
