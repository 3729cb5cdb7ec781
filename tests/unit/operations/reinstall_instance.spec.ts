import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import Image from '#models/image'
import type Instance from '#models/instance'
import PortForward from '#models/port_forward'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, powerOf, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & {
  instance: Instance
  other: Image
  /** What it was before. */
  before: { ref: string; address: string; macAddress: string | null }
  publicAddress: string
  sshPort: number
}

const PASSWORD = 'the-new-Passw0rd-of-root'

test.group('Reinstall of an instance', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.reinstall',
    scene: readyInstance,
    open: order,
    async done(scene, assert) {
      const { fake, instance, other, before, cluster } = scene
      await assertPlace(scene, assert)
      assert.notEqual(instance.ref, before.ref)
      assert.equal(instance.imageId, other.id)
      assert.equal(await powerOf(instance, cluster), 'running')
      assert.isTrue(fake.isRootPassword(instance.ref, PASSWORD))
    },
    async undone(scene, assert) {
      const { instance, image, before, cluster } = scene
      await assertPlace(scene, assert)
      assert.equal(instance.ref, before.ref)
      assert.equal(instance.imageId, image.id)
      assert.equal(await powerOf(instance, cluster), 'running')
      assert.isEmpty(await db.from('one_time_secrets').whereNull('applied_at'))
    },
  })
})

test.group('Reinstalling', (group) => {
  group.each.teardown(emptyDatabase)

  test('a stopped one comes up, and again it has another name in the cluster', async ({
    assert,
  }) => {
    const { acme, instance, other, fake } = await readyInstance()
    await finish(await acme.inside(() => instance.power('stop', acme.owner)))
    const refs = new Set([instance.ref])
    while (refs.size < 3) {
      const operation = await acme.inside(() =>
        instance.reinstall({ image: other, by: acme.owner })
      )
      await finish(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      await acme.inside(() => instance.refresh())
      refs.add(instance.ref)
      assert.equal(instance.powerState, 'running')
      const shown = await acme.inside(() => instance.revealRootPassword())
      assert.isTrue(fake.isRootPassword(instance.ref, shown!))
    }
    assert.equal(fake.count(), 1)
  })

  test('one that was stopped is stopped again when it could not be reinstalled', async ({
    assert,
  }) => {
    const found = await readyInstance()
    const { acme, instance, fake, cluster } = found
    await finish(await acme.inside(() => instance.power('stop', acme.owner)))
    await acme.inside(() => instance.refresh())
    fake.failNext('start', { kind: 'invalid' })
    const operation = await finish(await order(found))
    assert.equal(operation.state, 'failed')
    assert.equal(await powerOf(instance, cluster), 'stopped')
    assert.equal(fake.count(), 1)
  })

  test('one that its cluster lost is made anew', async ({ assert }) => {
    const found = await readyInstance()
    found.fake.lose(found.instance.ref)
    const operation = await finish(await order(found))
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await assertPlace(found, assert)
  })

  test('a way in to SSH that was taken away comes back, and goes again when it is taken back', async ({
    assert,
  }) => {
    const found = await readyInstance()
    const { acme, instance, fake } = found
    const [ssh] = await acme.inside(() => PortForward.ofInstance(instance))
    await finish(await acme.inside(() => ssh!.remove(acme.owner)))
    fake.failNext('start', { kind: 'invalid' })
    await finish(await order(found))
    assert.equal(fake.countForwards(), 0)
    assert.isEmpty(await db.from('port_forwards'))
    await finish(await order(found))
    assert.equal(fake.countForwards(), 1)
    const [again] = await acme.inside(() => PortForward.ofInstance(instance))
    assert.isTrue(again!.isForSsh)
    assert.isNotNull(again!.appliedAt)
  })

  test('when the old one cannot be removed the new one stays, and a person is asked', async ({
    assert,
  }) => {
    const found = await readyInstance()
    const { fake, before, acme } = found
    const operation = await order(found)
    fake.refuseNext('destroy', { kind: 'unsupported', ref: before.ref })
    await finish(operation)
    assert.equal(operation.state, 'needs_attention')
    assert.equal(fake.count(), 2)
    await acme.inside(() => operation.resume())
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(fake.count(), 1)
    await assertPlace(found, assert)
  })

  test('not while it is suspended, and not from what is not on offer for it', async ({
    assert,
  }) => {
    const found = await readyInstance()
    const { acme, instance, other } = found
    const refused = (code: string) => assert.rejects(() => order(found), code)
    await other.withdraw()
    await refused('E_IMAGE_NOT_OFFERED')
    await other.offer()
    await finish((await acme.inside(() => instance.suspend('abuse', { by: null }))).operation!)
    await refused('E_INSTANCE_SUSPENDED')
    assert.isEmpty(await db.from('one_time_secrets').whereNull('applied_at'))
  })

  test('not where the cluster cannot', async ({ assert }) => {
    const found = await readyInstance()
    const { cluster } = found
    await cluster.merge({ settings: { ...cluster.settings, replacement: false } }).save()
    await assert.rejects(() => order(found), 'E_CLUSTER_CANNOT')
  })
})

async function readyInstance(): Promise<Scene> {
  const found = await world()
  const { address } = await portPool(found.cluster)
  const instance = await found.acme.instance('web-1')
  const [forward] = await found.acme.inside(() => PortForward.ofInstance(instance))
  const other = await Image.create({
    clusterId: found.cluster.id,
    name: 'alpine',
    title: 'Alpine',
    ref: 'alpine-3.22',
    kind: 'container',
    sizeMib: 4,
    offeredAt: DateTime.utc(),
    syncedAt: DateTime.utc(),
  })
  const lease = await db.from('addresses').where('instance_id', instance.id).firstOrFail()
  const { ref, macAddress } = instance
  return {
    ...found,
    instance,
    other,
    before: { ref, macAddress, address: lease.address },
    publicAddress: address,
    sshPort: forward!.firstPort,
  }
}

function order({ acme, instance, other }: Scene) {
  return acme.inside(() => instance.reinstall({ image: other, password: PASSWORD, by: acme.owner }))
}

/** One instance, with the address, the card and the way in that it had. */
async function assertPlace(scene: Scene, assert: Assert) {
  const { acme, instance, before, fake, publicAddress, sshPort } = scene
  await acme.inside(() => instance.refresh())
  assert.equal(fake.count(), 1)
  assert.isEmpty(fake.duplicateAddresses())
  assert.equal(instance.macAddress, before.macAddress)
  assert.equal(fake.reach(publicAddress, 'tcp', sshPort), `${instance.ref}:22`)
  assert.equal(fake.countForwards(), 1)
  const driver = await scene.cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  assert.deepEqual(
    remote!.addresses.map(({ address }) => address),
    [before.address]
  )
  assert.equal(remote!.macAddress, before.macAddress)
}
