import { test } from '@japa/runner'
import { usage } from '#tests/support/steps'
import { remoteSnapshots, snapshotOf, snapshotRows } from '#tests/support/copies'
import { world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Delete a snapshot', (group) => {
  operationConformance(group, {
    type: 'snapshot.delete',
    async scene() {
      const scene = await world()
      const instance = await scene.acme.instance('web-1')
      const kept = await snapshotOf(scene.acme, instance, 'kept')
      const gone = await snapshotOf(scene.acme, instance, 'gone')
      return { ...scene, instance, kept, gone }
    },
    open: ({ acme, gone }) => acme.inside(() => gone.remove({ by: acme.owner })),
    async done({ acme, cluster, instance, kept }, assert) {
      assert.deepEqual(await remoteSnapshots(cluster, instance), [kept.uid])
      const rows = await snapshotRows(instance)
      assert.deepEqual(
        rows.map(({ uid }) => uid),
        [kept.uid]
      )
      assert.equal((await usage(acme.organization.id)).snapshots, 1)
    },
  })
})
