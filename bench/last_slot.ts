/*
| Fifty requests at once for the last free port, and fifty for the last snapshot: exactly one wins each, and the
| others are told that there is none left.
*/
import { withPortico } from './support/app.js'

const REQUESTS = 50

await withPortico(async () => {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { portPool, world } = await import('#tests/support/world')
  const given = await world()
  const { acme, cluster, pool } = given
  await acme.lift()
  const instances = []
  for (let number = 1; number <= REQUESTS; number++) {
    const { instance } = await acme.order(`web-${number}`)
    await acme.inside(() => pool.lease(instance))
    instances.push(instance)
  }
  await acme.allReady()
  for (const instance of instances) await acme.inside(() => instance.refresh())
  await portPool(cluster, { ports: '20000' })

  const startedAt = performance.now()
  const results = await Promise.allSettled(
    instances.map((instance) =>
      acme.inside(() => instance.forward({ protocol: 'tcp', targetPort: 22 }, acme.owner))
    )
  )
  const tookMs = Math.round(performance.now() - startedAt)
  const wins = results.filter(({ status }) => status === 'fulfilled').length
  const told = results.filter(
    (result) => result.status === 'rejected' && result.reason.code === 'E_NO_FREE_PORT'
  ).length
  const [{ leases }] = await db.from('port_leases').count('* as leases')
  if (wins !== 1 || told !== REQUESTS - 1 || Number(leases) !== 1) {
    throw new Error(`${wins} won, ${told} were told why not, ${leases} ports are leased`)
  }

  // The last one of the organization's quota: fifty instances ask, so nothing but the quota decides.
  await db.from('operations').update({ state: 'succeeded', open_on: null })
  await db
    .from('quotas')
    .where({ organization_id: acme.organization.id, resource: 'snapshots' })
    .update({ maximum: 1 })
  const asked = await Promise.allSettled(
    instances.map((instance) => acme.inside(() => instance.snapshot({ by: acme.owner })))
  )
  const snapshotWins = asked.filter(({ status }) => status === 'fulfilled').length
  const snapshotTold = asked.filter(
    (result) => result.status === 'rejected' && result.reason.code === 'E_QUOTA_EXCEEDED'
  ).length
  const [{ snapshots }] = await db.from('snapshots').count('* as snapshots')
  if (snapshotWins !== 1 || snapshotTold !== REQUESTS - 1 || Number(snapshots) !== 1) {
    throw new Error(`${snapshotWins} won a snapshot, ${snapshotTold} were told why not`)
  }
  return { wins, told, tookMs, snapshotWins, snapshotTold }
})
