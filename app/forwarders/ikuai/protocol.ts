import type { NewRule, RouterRule } from '#forwarders/ikuai/rules'

export type RouterState = {
  /** Its lines to the outside; null: this protocol does not tell. */
  lines: { name: string; address: string | null }[] | null
}

/** What both generations of the router can do with destination NAT rules. */
export interface RouterProtocol {
  readonly generation: '3.x' | '4.x'
  /** Every rule, ours or not. */
  rules(): Promise<RouterRule[]>
  /** Not to be repeated blindly: a router makes a second one. */
  add(rule: NewRule): Promise<void>
  /** The whole rule is replaced. */
  edit(id: string, rule: NewRule): Promise<void>
  remove(id: string): Promise<void>
  state(): Promise<RouterState>
  /** null: it does not tell. */
  version(): Promise<string | null>
}
