/*
| Fifty requests at once for the last free port: exactly one wins, and the others are told that it is taken.
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
  return { wins, told, tookMs }
})
