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

const ADDRESS = '10.99.0.77'

test.group('kill -9 of the worker while drift is put right', (group) => {
  const absent = missingPrograms()
  group.each.skip(absent !== null, absent ?? '')

  let succession: Succession | undefined
  let names = 0
  group.setup(async () => {
    if (absent) return
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
  })
  group.teardown(async () => {
    await succession?.end()
  })

  test('of an adoption: adopted once, with its address leased, wherever it died', async ({
    assert,
  }) => {
    const worlds = await everyPlace(placesOf('instance.adopt'), async (name) => {
      const made = await world()
      made.fake.add([
        {
          ref: name,
          addresses: [{ family: 4, address: ADDRESS, prefixLength: 24, gateway: null }],
        },
      ])
      await compare(made.cluster)
      const stranger = await finding(made.cluster, 'stranger')
      return { ...made, stranger, by: await made.staff() }
    })
    const adoptions = await succession!.dieTogether(
      worlds.map(({ stranger, by, name, place }) => ({
        at: `${name}: ${place}`,
        order: async () => {
          const adoption = await stranger.adopt(by, name)
          return adoption!
        },
      }))
    )
    for (const [index, operation] of adoptions.entries()) {
      const { cluster, place } = worlds[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      const rows = await db.from('instances').where('cluster_id', cluster.id)
      assert.lengthOf(rows, 1, place)
      const leases = await db
        .from('addresses')
        .where({ cluster_id: cluster.id, address: ADDRESS, instance_id: rows[0].id })
      assert.lengthOf(leases, 1, place)
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [], place)
    }
  })

  test('of a repair: the limits are what they should be, wherever it died', async ({ assert }) => {
    const places = placesOf('instance.repair', ['repair_limits', 'observe'])
    const worlds = await everyPlace(places, async (name) => {
      const made = await readyInstance(name)
      made.fake.alter(made.instance.ref, { size: { cpus: 9 } })
      await compare(made.cluster)
      const limits = await finding(made.cluster, 'limits')
      return { ...made, limits, by: await made.staff() }
    })
    const repairs = await succession!.dieTogether(
      worlds.map(({ limits, by, name, place }) => ({
        at: `${name}: ${place}`,
        order: async () => {
          const repair = await limits.repair(by)
          return repair!
        },
      }))
    )
    for (const [index, operation] of repairs.entries()) {
      const { cluster, place } = worlds[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [], place)
    }
  })

  test('while a lost instance is made again: it runs, once, wherever it died', async ({
    assert,
  }) => {
    const places = placesOf('instance.recreate', ['check_absent', 'create', 'start'])
    const worlds = await everyPlace(places, async (name) => {
      const made = await readyInstance(name)
      made.fake.lose(made.instance.ref)
      await compare(made.cluster)
      const missing = await finding(made.cluster, 'missing')
      return { ...made, missing, by: await made.staff() }
    })
    const recreations = await succession!.dieTogether(
      worlds.map(({ missing, by, name, place }) => ({
        at: `${name}: ${place}`,
        order: () => missing.recreate(by),
      }))
    )
    for (const [index, operation] of recreations.entries()) {
      const { instance, cluster, fake, place } = worlds[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      assert.equal(fake.count(), 1, place)
      assert.equal(await powerOf(instance, cluster), 'running', place)
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [], place)
    }
  })

  /** A world for each: whose operation waits for its death is in nobody's way, and has a name that no other has. */
  async function everyPlace<World>(places: string[], make: (name: string) => Promise<World>) {
    const worlds = []
    for (const place of places) {
      names += 1
      const name = `drifting-${names}`
      worlds.push({ ...(await make(name)), name, place })
    }
    return worlds
  }
})

async function readyInstance(name: string) {
  const made = await world()
  const { instance, operation } = await made.acme.order(name)
  await ended(operation)
  return { ...made, instance }
}
