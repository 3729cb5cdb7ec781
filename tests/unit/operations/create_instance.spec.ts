import testUtils from '@adonisjs/core/services/test_utils'
import { test } from '@japa/runner'
import { holdings, usage } from '#tests/support/steps'
import { ROOT_PASSWORD, addressPool, finish, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Create an instance', (group) => {
  operationConformance(group, {
    type: 'instance.create',
    async scene() {
      const scene = await world()
      return { ...scene, order: await scene.acme.order('web-1') }
    },
    open: async ({ order }) => order.operation,
    async done({ acme, fake, order: { instance } }, assert) {
      await acme.inside(() => instance.refresh())
      assert.isTrue(instance.isProvisioned)
      assert.equal(instance.powerState, 'running')
      assert.equal(fake.count(), 1)
      assert.isTrue(fake.isRootPassword(instance.ref, ROOT_PASSWORD))
      assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })
    },
    async undone({ acme, fake, order: { instance } }, assert) {
      await acme.inside(() => instance.refresh())
      assert.isNotNull(instance.failedAt)
      assert.isNull(instance.nodeId)
      assert.equal(fake.count(), 0)
      // The password stays for another try, at most a day.
      assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
      assert.equal((await usage(acme.organization.id)).instances, 0)
    },
  })
})

test.group('Addresses of a new instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  async function ground() {
    const { acme, cluster, fake } = await world()
    fake.addNetwork('lxdbr1')
    const six = await addressPool(cluster, 'fd00:1::/64', 'fd00:1::10', 'fd00:1::10')
    await six.merge({ network: 'lxdbr0' }).save()
    const other = await addressPool(cluster, 'fd00:2::/64', 'fd00:2::10', 'fd00:2::20')
    await other.merge({ network: 'lxdbr1' }).save()
    const held = async (name: string) => {
      const { instance, operation } = await acme.order(name)
      await finish(operation)
      const addresses = await acme.inside(() =>
        instance.related('addresses').query().preload('addressPool').orderBy('family')
      )
      return {
        state: operation.state,
        families: addresses.map(({ family }) => family),
        networks: [...new Set(addresses.map(({ addressPool: pool }) => pool.network))],
      }
    }
    return { cluster, other, held }
  }

  test('IPv6 comes beside IPv4, and both from one network', async ({ assert }) => {
    const { held } = await ground()
    assert.deepEqual(await held('web-1'), {
      state: 'succeeded',
      families: [4, 6],
      networks: ['lxdbr0'],
    })
  })

  test('when one network has no pair left, the pair comes from the next', async ({ assert }) => {
    const { cluster, held } = await ground()
    const four = await addressPool(cluster, '10.98.0.0/24', '10.98.0.10', '10.98.0.20')
    await four.merge({ network: 'lxdbr1' }).save()
    assert.deepEqual((await held('web-1')).networks, ['lxdbr0'])
    assert.deepEqual(await held('web-2'), {
      state: 'succeeded',
      families: [4, 6],
      networks: ['lxdbr1'],
    })
  })

  test('without a pair anywhere nothing is leased, and the order fails', async ({ assert }) => {
    const { held } = await ground()
    await held('web-1')
    assert.deepEqual(await held('web-2'), { state: 'failed', families: [], networks: [] })
  })
})
