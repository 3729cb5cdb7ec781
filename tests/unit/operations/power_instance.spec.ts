import { test } from '@japa/runner'
import { powerOf, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Power of an instance', (group) => {
  operationConformance(group, {
    type: 'instance.power',
    async scene() {
      const scene = await world()
      return { ...scene, instance: await scene.acme.instance('web-1') }
    },
    open: ({ acme, instance }) => acme.inside(() => instance.power('stop', acme.owner)),
    async done({ acme, cluster, instance }, assert) {
      await acme.inside(() => instance.refresh())
      assert.equal(instance.powerState, 'stopped')
      assert.equal(await powerOf(instance, cluster), 'stopped')
    },
    // What was switched stays so: turning it back would be one more change that nobody asked for.
    async undone({ cluster, instance }, assert) {
      assert.equal(await powerOf(instance, cluster), 'stopped')
    },
  })
})
