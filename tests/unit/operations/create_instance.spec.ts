import { test } from '@japa/runner'
import { holdings, usage } from '#tests/support/steps'
import { ROOT_PASSWORD, world } from '#tests/support/world'
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
