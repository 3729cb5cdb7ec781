import type PortPool from '#models/port_pool'

/** What the old module's files are taken over into. */
export function moveInPage(pools: readonly PortPool[]) {
  return { pools: pools.map(({ uid, name }) => ({ value: uid, label: name })) }
}
