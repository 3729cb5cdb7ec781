import { test } from '@japa/runner'
import { holdings, usage } from '#tests/support/steps'
import { world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Delete an instance', (group) => {
  operationConformance(group, {
    type: 'instance.delete',
    async scene() {
      const scene = await world()
      return { ...scene, instance: await scene.acme.instance('web-1') }
    },
    open: ({ acme, instance }) => acme.inside(() => instance.destroy(acme.owner)),
    async done({ acme, fake, instance }, assert) {
      await acme.inside(() => instance.refresh())
      assert.isNotNull(instance.deletedAt)
      assert.equal(fake.count(), 0)
      assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 0 })
      assert.equal((await usage(acme.organization.id)).instances, 0)
    },
  })
})
