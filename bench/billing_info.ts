/* How quickly the billing API tells of a container, ten requests in flight, one web process a core, with an
hour of samples behind it. */
import { withPortico } from './support/app.js'
import { load } from './support/load.js'
import { Portal } from './support/portal.js'

const PASSWORD = 'bench pass phrase of some length'
const INSTANCES = 1_000
const IN_FLIGHT = 10
const WARM_UP_SECONDS = 3
const LOAD_SECONDS = 10
const TARGETS = { p95Ms: 25 }

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
    const calls = names.map((name) => ({
      method: 'GET' as const,
      path: `/api/getinfo?hostname=${name}`,
      headers: { accept: 'application/json', apikey },
    }))
    const wanted = { inFlight: IN_FLIGHT, expected: '"code":200' }
    await load(portal.url, calls, { ...wanted, seconds: WARM_UP_SECONDS })
    const { p50Ms, p95Ms, perSecond } = await load(portal.url, calls, {
      ...wanted,
      seconds: LOAD_SECONDS,
    })
    if (p95Ms > TARGETS.p95Ms) process.stderr.write(`MISSED: p95Ms above ${TARGETS.p95Ms}\n`)
    return { p50Ms, p95Ms, requestsPerSecond: Math.round(perSecond) }
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
