import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import Batch from '#models/batch'
import type Instance from '#models/instance'
import { Tenant } from '#models/concerns/tenant'
import type { BatchDeed } from '#models/types'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { until } from '#tests/support/processes'
import { ended, patiently } from '#tests/support/steps'
import { powerOf, world } from '#tests/support/world'

const DEATHS: { deed: BatchDeed; place: string }[] = [
  { deed: 'stop', place: 'run power before' },
  { deed: 'stop', place: 'close after' },
  { deed: 'delete', place: 'run destroy after' },
]

test.group('kill -9 of the worker while many are worked on', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')

  let succession: Succession | undefined
  group.setup(async () => {
    if (missing) return
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
  })
  group.teardown(async () => {
    await succession?.end()
  })

  test('each is done once, and the batch ends, wherever it died', async ({ assert }) => {
    const doomed = []
    for (const [index, { deed, place }] of DEATHS.entries()) {
      const made = await world()
      const instances: Instance[] = []
      for (const letter of ['a', 'b', 'c']) {
        const { instance, operation } = await made.acme.order(`web-${index}-${letter}`)
        await ended(operation)
        instances.push(instance)
      }
      doomed.push({ ...made, instances, deed, place })
    }
    const batches = await succession!.dieTogether(
      doomed.map(({ acme, instances, deed, place }) => ({
        at: `${instances[1]!.name}: ${place}`,
        order: () =>
          acme.inside(() =>
            Batch.order(
              acme.organization,
              instances.map(({ id, organizationId }) => ({ id, organization_id: organizationId })),
              { deed, by: acme.owner }
            )
          ),
      }))
    )
    for (const [index, batch] of batches.entries()) {
      const { cluster, fake, instances, deed, place } = doomed[index]!
      await until(`the batch that died at ${place} is over`, () =>
        patiently(async () => {
          await Tenant.system('test', () => batch.refresh())
          return batch.endedAt !== null
        })
      )
      const children = await db
        .from('batch_items')
        .join('operations', 'operations.id', 'batch_items.operation_id')
        .where('batch_items.batch_id', batch.id)
        .select('operations.state')
      assert.deepEqual(
        children.map(({ state }) => state),
        ['succeeded', 'succeeded', 'succeeded'],
        place
      )
      if (deed === 'delete') assert.equal(fake.count(), 0, place)
      else {
        for (const instance of instances) {
          assert.equal(await powerOf(instance, cluster), 'stopped', place)
        }
      }
    }
  })
})
