import type { Identity } from '../access.js'
import type { Cluster } from '../cluster.js'
import type { Config } from '../guest.js'

/** A request that passed all checks: what stands in its path and in its parameters, by name. */
export type Call = { given: Config; who: Identity; cluster: Cluster }
export type Routes = Record<string, (call: Call) => unknown>

/** A page of a longer list. */
export class Page {
  constructor(
    readonly data: readonly unknown[],
    readonly total: number
  ) {}
}
