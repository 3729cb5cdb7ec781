import { test } from '@japa/runner'
import PortForward from '#models/port_forward'
import { usage } from '#tests/support/steps'
import { portPool, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Forward ports', (group) => {
  operationConformance(group, {
    type: 'port_forward.create',
    async scene() {
      const scene = await world()
      const instance = await scene.acme.instance('web-1')
      await portPool(scene.cluster)
      const { operation } = await scene.acme.inside(() =>
        instance.forward(
          [
            { protocol: 'both', targetPort: 80, port: 20_080 },
            { protocol: 'tcp', targetPort: 8000, count: 2, port: 20_100 },
          ],
          scene.acme.owner
        )
      )
      return { ...scene, instance, operation }
    },
    open: async ({ operation }) => operation,
    async done({ acme, fake, instance }, assert) {
      const forwards = await acme.inside(() => PortForward.ofInstance(instance))
      assert.lengthOf(forwards, 3)
      assert.isTrue(forwards.every(({ appliedAt }) => appliedAt !== null))
      assert.equal(fake.reach('203.0.113.7', 'tcp', 20_080), `${instance.ref}:80`)
      assert.equal(fake.reach('203.0.113.7', 'udp', 20_080), `${instance.ref}:80`)
      assert.equal(fake.reach('203.0.113.7', 'tcp', 20_101), `${instance.ref}:8001`)
      assert.equal((await usage(acme.organization.id)).port_forwards, 4)
    },
    async undone({ acme, fake, instance }, assert) {
      assert.isEmpty(await acme.inside(() => PortForward.ofInstance(instance)))
      assert.equal(fake.countForwards(), 0)
      assert.equal((await usage(acme.organization.id)).port_forwards, 0)
    },
  })
})
