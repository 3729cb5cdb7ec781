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

  test('of {deed}, at "{place}": each is done once, and the batch ends')
    .with([
      { deed: 'stop', place: 'run power before' },
      { deed: 'stop', place: 'close after' },
      { deed: 'delete', place: 'run destroy after' },
    ] as const)
    .run(async ({ assert }, { deed, place }) => {
      const { acme, cluster, fake } = await world()
      const instances: Instance[] = []
      for (const name of ['web-1', 'web-2', 'web-3']) {
        const { instance, operation } = await acme.order(name)
        await ended(operation)
        instances.push(instance)
      }
      const wanted: BatchDeed = deed
      const batch = await succession!.dieAt(`web-2: ${place}`, () =>
        acme.inside(() =>
          Batch.order(
            acme.organization,
            instances.map(({ id, organizationId }) => ({ id, organization_id: organizationId })),
            { deed: wanted, by: acme.owner }
          )
        )
      )
      await until('the batch is over', () =>
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
        ['succeeded', 'succeeded', 'succeeded']
      )
      if (deed === 'delete') return assert.equal(fake.count(), 0)
      for (const instance of instances) assert.equal(await powerOf(instance, cluster), 'stopped')
    })
})
