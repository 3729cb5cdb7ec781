/* A round of the usage collector over 2,000 instances of a fake cluster, in the worker that production runs:
   how long it takes, and what memory the worker has come to. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { median, PRODUCTION, withPortico } from './support/app.js'
import { residentMb } from './support/resident.js'

const INSTANCES = 2_000
const ROUNDS = 7
const EVERY_MS = 2_000

await withPortico(async () => {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { FakeCluster } = await import('#drivers/fake/cluster')
  const { fill, foundFleet } = await import('./support/fleet.js')
  const { PRODUCTION_BUILD, startWorker, until } = await import('#tests/support/processes')
  const { queueNamed } = await import('#services/queue')

  const fleet = await foundFleet(20, randomUUID())
  await fill(fleet, INSTANCES, (index) => fleet.organizations[index % 20]!)
  const rows = await db.from('instances').select('ref', 'uid')
  const fake = FakeCluster.create(fleet.cluster.endpoint, {
    nodes: fleet.nodes.map(({ name, cpus, memoryMib, diskGib }) => ({
      name,
      cpus,
      memoryMib,
      diskGib,
    })),
  })
  fake.add(
    rows.map(({ ref, uid }, index) => ({
      ref,
      stamp: uid,
      node: fleet.nodes[index % fleet.nodes.length]!.name,
    }))
  )
  // Where a month's traffic is limited it is also judged.
  await db.from('instances').update({ traffic_gib: 10_000, traffic_action: 'throttle' })

  const worker = await startWorker(PRODUCTION, PRODUCTION_BUILD)
  try {
    const count = async () => {
      // As if the minute were another one, so that a round need not wait for the clock.
      await db.from('usage_minutes').delete()
      await db
        .from('usage_rounds')
        .whereNull('claimed_until')
        .update({ minute: db.raw('minute - 60'), took_ms: 0 })
      await queueNamed('maintenance').add('usage.count', {}, { removeOnComplete: true })
      const before = performance.now()
      await until('the round is counted', async () => {
        const row = await db.from('usage_rounds').first()
        return row !== null && row.claimed_until === null && row.took_ms > 0
      })
      return performance.now() - before
    }
    await count()
    const roundMs: number[] = []
    let rssMb = 0
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(EVERY_MS)
      roundMs.push(await count())
      rssMb = Math.max(rssMb, residentMb(worker.pid))
    }
    const counted = await db.from('usage_minutes').countDistinct('meter_id as total').first()
    return {
      roundMs: Math.round(median(roundMs)),
      slowestRoundMs: Math.round(Math.max(...roundMs)),
      rssMb,
      instances: INSTANCES,
      meters: Number(counted?.total),
    }
  } finally {
    await worker.stop()
    fake.close()
  }
})
