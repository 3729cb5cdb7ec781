/* Fifty creates at once over three simulated nodes of Proxmox VE, while a stranger takes numbers: guests, numbers
   given twice, numbers held by nothing, and what a round of readings asks. */
import { setTimeout as sleep } from 'node:timers/promises'
import { PRODUCTION, withPortico } from './support/app.js'

const ORDERS = 50
const STRANGERS = 10
const REMOVED = 10
const LONGEST_MS = 300_000

await withPortico(async () => {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { PRODUCTION_BUILD, startWorker } = await import('#tests/support/processes')
  const { proxmoxCluster } = await import('#tests/support/proxmox_world')
  const { ProxmoxSimulator } = await import('#tests/support/simulators/proxmox/simulator')
  const { tenant } = await import('#tests/support/world')
  const { Tenant } = await import('#models/concerns/tenant')
  const { UsageRound } = await import('#models/usage_round')

  const simulator = await ProxmoxSimulator.start({
    nodes: ['pve1', 'pve2', 'pve3'].map((name) => ({ name })),
  })
  const around = await proxmoxCluster(simulator)
  const acme = await tenant('Acme', around)
  await acme.lift()
  const worker = await startWorker({ ...PRODUCTION, WORKER_CONCURRENCY: '20' }, PRODUCTION_BUILD)

  const allEnded = async () => {
    const until = Date.now() + LONGEST_MS
    for (;;) {
      const open = await db.from('operations').whereNotNull('open_on').count('* as total').first()
      if (Number(open.total) === 0) return
      if (Date.now() > until) throw new Error(`${open.total} operations are still open`)
      await sleep(250)
    }
  }
  const ofUs = () =>
    [...simulator.cluster.guests.values()].filter(({ config }) => config.tags?.includes('portico-'))
  /** Numbers that an instance holds. */
  const numbers = async (): Promise<string[]> => {
    const rows = await db.from('instances').where('cluster_id', around.cluster.id).select('ref')
    return rows.map(({ ref }) => ref as string).filter((ref) => /^\d+$/.test(ref))
  }
  const leaked = async () => {
    const there = new Set(ofUs().map(({ vmid }) => String(vmid)))
    const held = await numbers()
    return held.filter((number) => !there.has(number)).length
  }
  try {
    simulator.takeMeanwhile(STRANGERS)
    const from = performance.now()
    const orders = await Promise.all(
      Array.from({ length: ORDERS }, (_, index) => acme.order(`web-${index + 1}`))
    )
    await allEnded()
    const tookMs = Math.round(performance.now() - from)
    const guests = ofUs()
    const held = await numbers()
    const stamps = new Set(guests.map(({ config }) => config.tags))
    const leakedAfterBurst = await leaked()

    const before = simulator.requests.length
    await Tenant.system('bench', () => new UsageRound(around.cluster).run())
    const callsPerRound = simulator.requests.length - before

    for (const { instance } of orders.slice(0, REMOVED)) {
      await acme.inside(async () => {
        await instance.refresh()
        await instance.destroy(acme.owner)
      })
    }
    await allEnded()
    return {
      guests: guests.length,
      duplicates: guests.length - stamps.size + (held.length - new Set(held).size),
      leakedLeases: leakedAfterBurst + (await leaked()),
      callsPerRound,
      strangers: STRANGERS,
      left: ofUs().length,
      invalidRequests: simulator.invalidRequests.filter(({ call }) => !call.includes('nextid'))
        .length,
      tookMs,
    }
  } finally {
    await worker.stop()
    await simulator.close()
  }
})
