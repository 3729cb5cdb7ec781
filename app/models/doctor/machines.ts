import type { ComputeDriver } from '#drivers/contract'
import { graded, percentOf, verdict, type Verdict } from '#models/doctor/verdict'

const MEMORY = { warn: 90, fail: 97 }
/** A pool that is full stops every guest on it, and some cannot even be emptied then. */
const STORAGE = { warn: 85, fail: 95 }

/** The machines and what of them is used up. */
export async function machines(driver: ComputeDriver): Promise<Verdict[]> {
  const [nodes, pools] = await Promise.all([
    driver.nodes.list(),
    driver.infrastructure.storagePools(),
  ])
  const ofNodes = nodes.flatMap(({ name, online, memoryMib, memoryUsedMib }) => {
    if (!online) return [verdict('nodes_fail', {}, name)]
    const percent = percentOf(memoryUsedMib, memoryMib)
    const sayings = { ok: 'memory_ok', warn: 'memory_warn', fail: 'memory_fail' } as const
    return [
      verdict('nodes_ok', {}, name),
      verdict(graded(percent, MEMORY, sayings), { percent }, name),
    ]
  })
  const ofPools = pools.map(({ name, node, totalGib, usedGib }) => {
    const place = node === null ? name : `${name} · ${node}`
    const percent = percentOf(usedGib, totalGib)
    const sayings = { ok: 'storage_ok', warn: 'storage_warn', fail: 'storage_fail' } as const
    return verdict(graded(percent, STORAGE, sayings), { percent, usedGib, totalGib }, place)
  })
  return [...ofNodes, ...ofPools]
}

/** What the cluster complains of itself. */
export async function warnings({ doctor }: ComputeDriver): Promise<Verdict[]> {
  if (!doctor) return [verdict('warnings_unknown')]
  const found = await doctor.warnings()
  if (found.length === 0) return [verdict('warnings_ok')]
  const places = Map.groupBy(found, ({ node }) => node ?? '')
  return [...places].map(([place, [first, ...others]]) =>
    verdict(
      'warnings_warn',
      { count: others.length + 1, message: first!.message.slice(0, 300) },
      place
    )
  )
}
