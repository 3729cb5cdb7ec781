import { test } from '@japa/runner'
import PortForward from '#models/port_forward'
import { usage } from '#tests/support/steps'
import { finish, portPool, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Remove port forwards', (group) => {
  operationConformance(group, {
    type: 'port_forward.delete',
    async scene() {
      const scene = await world()
      const { acme } = scene
      const instance = await acme.instance('web-1')
      await portPool(scene.cluster)
      const kept = await acme.inside(() =>
        instance.forward({ protocol: 'tcp', targetPort: 443, port: 20_443 }, acme.owner)
      )
      await finish(kept.operation)
      const { operation, forwards } = await acme.inside(() =>
        instance.forward({ protocol: 'both', targetPort: 80, port: 20_080 }, acme.owner)
      )
      await finish(operation)
      return { ...scene, instance, forwards }
    },
    open: ({ acme, instance, forwards }) =>
      acme.inside(() => instance.unforward(forwards, acme.owner)),
    async done({ acme, fake, instance }, assert) {
      const left = await acme.inside(() => PortForward.ofInstance(instance))
      assert.deepEqual(
        left.map(({ firstPort }) => firstPort),
        [20_443]
      )
      assert.isNull(fake.reach('203.0.113.7', 'tcp', 20_080))
      assert.isNull(fake.reach('203.0.113.7', 'udp', 20_080))
      assert.equal(fake.reach('203.0.113.7', 'tcp', 20_443), `${instance.ref}:443`)
      assert.equal((await usage(acme.organization.id)).port_forwards, 1)
    },
  })
})
