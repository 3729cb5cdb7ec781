/* How quickly the billing API tells of a container, ten requests in flight, one web process a core, with an
hour of samples behind it. */
import { percentile, Portal } from './support/portal.js'
import { withPortico } from './support/app.js'
import { Seller } from './support/seller.js'

const PASSWORD = 'bench pass phrase of some length'
const INSTANCES = 1_000
const IN_FLIGHT = 10
const WARM_UP = 500
const MEASURED = 5_000

await withPortico(async () => {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { foundFleet, fill } = await import('./support/fleet.js')
  const { issueBillingKey } = await import('#tests/support/billing')
  const { Tenant } = await import('#models/concerns/tenant')
  const fleet = await foundFleet(1, PASSWORD)
  const organization = fleet.organizations[0]!
  await fill(fleet, INSTANCES, () => organization)
  await db
    .from('instances')
    .update({ billing_reference: db.raw('name') as unknown as string })
    .where('organization_id', organization.id)
  const rows = await db.from('instances').select('id', 'name')
  const names = rows.map(({ name }) => name as string)
  await hourOf(rows)
  const inside = <T>(work: () => Promise<T>) => Tenant.run(organization.id, work)
  const apikey = await issueBillingKey({ organization, owner: fleet.owner, inside })

  const portal = await Portal.start('cluster', IN_FLIGHT)
  try {
    const seller = new Seller(portal, apikey)
    const ask = async (number: number) => {
      const hostname = names[number % names.length]!
      const { code, msg } = await seller.ask('GET', `/api/getinfo?hostname=${hostname}`)
      if (code !== 200) throw new Error(`${hostname} was answered with ${code}: ${msg}`)
    }
    await timesOf(ask, WARM_UP)
    const from = performance.now()
    const times = await timesOf(ask, MEASURED)
    const seconds = (performance.now() - from) / 1_000
    return {
      p50Ms: tenths(percentile(times, 0.5)),
      p95Ms: tenths(percentile(times, 0.95)),
      requestsPerSecond: Math.round(MEASURED / seconds),
    }
  } finally {
    await portal.stop()
  }

  /** A sample for each minute of the last hour. */
  async function hourOf(instances: { id: number }[]): Promise<void> {
    const { chunked } = await import('#models/concerns/sql')
    const now = Math.floor(Date.now() / 60_000) * 60
    for (const chunk of chunked(instances)) {
      await db.table('meters').multiInsert(chunk.map(({ id }) => ({ instance_id: id })))
    }
    const meters = await db.from('meters').whereNotNull('instance_id').select('id')
    const samples = meters.flatMap(({ id }) =>
      Array.from({ length: 60 }, (_, index) => ({
        meter_id: id,
        at: now - index * 60,
        readings: 1,
        seconds: 60,
        cpu_ms: 6_000 + index,
        memory_mib: 300,
        disk_mib: 2_048,
        received_bytes: 10_000,
        sent_bytes: 20_000,
      }))
    )
    for (const chunk of chunked(samples)) await db.table('usage_minutes').multiInsert(chunk)
    await db.rawQuery('analyze table meters, usage_minutes, instances')
  }
})

/** So many in all, as many at once as may be in flight. */
async function timesOf(ask: (number: number) => Promise<void>, count: number): Promise<number[]> {
  const times: number[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const number = next++
      const from = performance.now()
      await ask(number)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return times
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
