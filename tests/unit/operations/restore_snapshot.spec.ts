import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import { remoteSnapshots, snapshotOf, snapshotRows } from '#tests/support/copies'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, powerOf, ROOT_PASSWORD, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

const LATER = 'later-Passw0rd-of-it'

/** An instance whose disk has changed and whose plan has grown since it was kept, with a port that leads to it. */
async function changedInstance() {
  const scene = await world()
  const { acme, cluster } = scene
  const instance = await acme.instance('web-1')
  const snapshot = await snapshotOf(acme, instance, 'before')
  await finish(await acme.inside(() => instance.resetPassword({ password: LATER, by: acme.owner })))
  instance.merge({ memoryMib: 1_024, diskGib: 20 })
  await acme.inside(() => instance.save())
  await portPool(cluster, { ports: '20000' })
  const { operation } = await acme.inside(() =>
    instance.forward({ protocol: 'tcp', targetPort: 80 }, acme.owner)
  )
  await finish(operation)
  return { ...scene, instance, snapshot }
}

type Scene = Awaited<ReturnType<typeof changedInstance>>

async function assertUsable({ cluster, fake, instance }: Scene, assert: Assert) {
  const driver = await cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  assert.deepEqual(remote!.size, instance.size)
  assert.equal(remote!.power, 'running')
  assert.equal(fake.reach('203.0.113.7', 'tcp', 20_000), `${instance.ref}:80`)
}

test.group('Restore a snapshot', (group) => {
  operationConformance(group, {
    type: 'snapshot.restore',
    scene: changedInstance,
    open: ({ acme, snapshot }) => acme.inside(() => snapshot.restore({ by: acme.owner })),
    async done(scene, assert) {
      await assertUsable(scene, assert)
      assert.isTrue(scene.fake.isRootPassword(scene.instance.ref, ROOT_PASSWORD))
      assert.deepEqual(await remoteSnapshots(scene.cluster, scene.instance), [scene.snapshot.uid])
    },
    // The disk may be that of either time; all else is as it was.
    undone: assertUsable,
  })
})

test.group('A restored snapshot', (group) => {
  group.each.teardown(emptyDatabase)

  test('a stopped instance stays stopped', async ({ assert }) => {
    const { acme, cluster } = await world()
    const web = await acme.instance('web-1')
    await finish(await acme.inside(() => web.power('stop', acme.owner)))
    await acme.inside(() => web.refresh())
    const snapshot = await snapshotOf(acme, web, 'before')
    const operation = await acme.inside(() => snapshot.restore({ by: acme.owner }))
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(await powerOf(web, cluster), 'stopped')
  })

  test('one that the cluster lost is told, and can be deleted', async ({ assert }) => {
    const { acme, cluster } = await world()
    const web = await acme.instance('web-1')
    const snapshot = await snapshotOf(acme, web, 'before')
    const driver = await cluster.openDriver()
    await driver.snapshots!.remove(web.ref, snapshot.uid).finally(() => driver.close())
    const operation = await acme.inside(() => snapshot.restore({ by: acme.owner }))
    await finish(operation)
    assert.deepInclude(operation, { state: 'failed', errorKind: 'not_found' })
    assert.equal(await powerOf(web, cluster), 'running')
    await finish(await acme.inside(() => snapshot.remove({ by: acme.owner })))
    assert.isEmpty(await snapshotRows(web))
  })
})
