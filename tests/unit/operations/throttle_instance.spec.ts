import { test } from '@japa/runner'
import type Instance from '#models/instance'
import { world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance }

test.group('Throttle of an instance', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.throttle',
    async scene() {
      const scene = await world()
      return { ...scene, instance: await scene.acme.instance('web-1') }
    },
    open: ({ acme, instance }) => acme.inside(() => instance.throttle(2, 'traffic-test')),
    async done(scene, assert) {
      assert.deepInclude(await remoteSize(scene), { ingressMbps: 2, egressMbps: 2, cpus: 1 })
      await scene.acme.inside(() => scene.instance.refresh())
      assert.equal(scene.instance.throttledMbps, 2)
      assert.deepInclude(scene.instance.size, { ingressMbps: 2, egressMbps: 2 })
    },
    async undone(scene, assert) {
      assert.deepInclude(await remoteSize(scene), { ingressMbps: 100, egressMbps: 100 })
      await scene.acme.inside(() => scene.instance.refresh())
      assert.isNull(scene.instance.throttledMbps)
    },
  })
})

async function remoteSize({ cluster, instance }: Scene) {
  const driver = await cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  return remote!.size
}
