import { test } from '@japa/runner'
import { usage } from '#tests/support/steps'
import { remoteSnapshots, snapshotRows } from '#tests/support/copies'
import { world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Take a snapshot', (group) => {
  operationConformance(group, {
    type: 'snapshot.create',
    async scene() {
      const scene = await world()
      return { ...scene, instance: await scene.acme.instance('web-1') }
    },
    async open({ acme, instance }) {
      const order = { name: 'before', by: acme.owner }
      const { operation } = await acme.inside(() => instance.snapshot(order))
      return operation
    },
    async done({ acme, cluster, instance }, assert) {
      const rows = await snapshotRows(instance)
      assert.lengthOf(rows, 1)
      assert.isNotNull(rows[0].taken_at)
      assert.deepEqual(await remoteSnapshots(cluster, instance), [rows[0].uid])
      assert.equal((await usage(acme.organization.id)).snapshots, 1)
    },
    async undone({ acme, cluster, instance }, assert) {
      assert.isEmpty(await snapshotRows(instance))
      assert.isEmpty(await remoteSnapshots(cluster, instance))
      assert.equal((await usage(acme.organization.id)).snapshots, 0)
    },
  })
})
