type Plugged = { network: string; family: 4 | 6 }

/** Pools by the network they are plugged into, both in the order given. */
export function byNetwork<Pool extends Plugged>(pools: Pool[]): Pool[][] {
  return [...Map.groupBy(pools, ({ network }) => network).values()]
}

/** What one card can carry: the families of the network that has the most; of several, of the first. */
export function familiesTogether(pools: Plugged[]): (4 | 6)[] {
  const each = byNetwork(pools).map((plugged) => [...new Set(plugged.map(({ family }) => family))])
  const most = Math.max(0, ...each.map(({ length }) => length))
  return each.find(({ length }) => length === most)?.sort() ?? []
}
