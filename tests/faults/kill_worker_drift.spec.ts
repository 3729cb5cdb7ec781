import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { operations } from '#operations/index'
import type { OperationType } from '#models/types'
import { Succession } from '#tests/support/crash'
import { compare, differing, finding } from '#tests/support/drift'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { ended } from '#tests/support/steps'
import { powerOf, world } from '#tests/support/world'

const around = (work: string) => [`${work} before`, `${work} after`]

const placesOf = (type: OperationType, steps?: string[]) => [
  ...(steps ?? operations[type].steps.map(({ name }) => name)).flatMap((name) =>
    around(`run ${name}`)
  ),
  ...around('close'),
]

test.group('kill -9 of the worker while drift is put right', (group) => {
  const absent = missingPrograms()
  group.each.skip(absent !== null, absent ?? '')

  let succession: Succession | undefined
  group.setup(async () => {
    if (absent) return
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
  })
  group.teardown(async () => {
    await succession?.end()
  })

  test('of an adoption, at "{$self}": adopted once, with its address leased')
    .with(placesOf('instance.adopt'))
    .run(async ({ assert }, place) => {
      const { cluster, fake, staff } = await world()
      const address = '10.99.0.77'
      fake.add([
        { ref: 'web-1', addresses: [{ family: 4, address, prefixLength: 24, gateway: null }] },
      ])
      await compare(cluster)
      const stranger = await finding(cluster, 'stranger')
      const by = await staff()
      const operation = await succession!.dieAt(`web-1: ${place}`, async () => {
        const adoption = await stranger.adopt(by, 'web-1')
        return adoption!
      })
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      const leases = await db.from('addresses').where({ cluster_id: cluster.id, address })
      assert.lengthOf(leases, 1)
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [])
      await db.from('instances').where('cluster_id', cluster.id).update({ live_name: null })
    })

  test('of a repair, at "{$self}": the limits are what they should be')
    .with(placesOf('instance.repair', ['repair_limits', 'observe']))
    .run(async ({ assert }, place) => {
      const { acme, cluster, fake, staff } = await world()
      const { instance, operation: create } = await acme.order('web-1')
      await ended(create)
      fake.alter(instance.ref, { size: { cpus: 9 } })
      await compare(cluster)
      const limits = await finding(cluster, 'limits')
      const by = await staff()
      const operation = await succession!.dieAt(`web-1: ${place}`, async () => {
        const repair = await limits.repair(by)
        return repair!
      })
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [])
    })

  test('while a lost instance is made again, at "{$self}": it runs, once')
    .with(placesOf('instance.recreate', ['check_absent', 'create', 'start']))
    .run(async ({ assert }, place) => {
      const { acme, cluster, fake, staff } = await world()
      const { instance, operation: create } = await acme.order('web-1')
      await ended(create)
      fake.lose(instance.ref)
      await compare(cluster)
      const missing = await finding(cluster, 'missing')
      const by = await staff()
      const operation = await succession!.dieAt(`web-1: ${place}`, () => missing.recreate(by))
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.count(), 1)
      assert.equal(await powerOf(instance, cluster), 'running')
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [])
    })
})
