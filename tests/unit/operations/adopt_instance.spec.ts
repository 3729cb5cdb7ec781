import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import Instance from '#models/instance'
import Organization from '#models/organization'
import { Tenant } from '#models/concerns/tenant'
import { compare, differing, finding } from '#tests/support/drift'
import { world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

const ADDRESS = {
  family: 4 as const,
  address: '10.99.0.77',
  prefixLength: 24,
  gateway: '10.99.0.1',
}

test.group('Adoption of a guest', (group) => {
  operationConformance<World>(group, {
    type: 'instance.adopt',
    async scene() {
      const scene = await world()
      scene.fake.add([
        {
          ref: 'Old_Shop.1',
          size: { cpus: 2, memoryMib: 2_048, diskGib: 20 },
          addresses: [ADDRESS],
        },
      ])
      await compare(scene.cluster)
      return scene
    },
    async open({ cluster, staff }) {
      const operation = await (await finding(cluster, 'stranger')).adopt(await staff(), 'old-shop')
      return operation!
    },
    async done({ cluster }, assert) {
      const provider = await Organization.provider()
      const adopted = await Tenant.run(provider.id, () =>
        Instance.query().where('live_name', 'old-shop').preload('addresses').firstOrFail()
      )
      assert.deepInclude(adopted.size, { cpus: 2, memoryMib: 2_048, diskGib: 20 })
      assert.equal(adopted.powerState, 'running')
      assert.isNotNull(adopted.provisionedAt)
      assert.equal(adopted.addresses[0]!.address, ADDRESS.address)
      const remote = await remoteOf(cluster, 'Old_Shop.1')
      assert.equal(remote!.stamp, adopted.uid)
      const held = await db.from('quota_holdings').where('subject', `instance-${adopted.id}`)
      assert.deepEqual(Object.fromEntries(held.map(({ resource, amount }) => [resource, amount])), {
        instances: 1,
        cpus: 2,
        memory_mib: 2_048,
        disk_gib: 20,
        addresses: 1,
      })
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [])
    },
    async undone({ cluster }, assert) {
      const remote = await remoteOf(cluster, 'Old_Shop.1')
      assert.isNull(remote!.stamp)
      assert.lengthOf(await db.from('addresses').where('address', ADDRESS.address), 0)
      const left = await db.from('instances').whereNull('deleted_at').where('ref', 'Old_Shop.1')
      assert.lengthOf(left, 0)
      assert.lengthOf(await db.from('quota_holdings'), 0)
      await compare(cluster)
      assert.deepEqual(await differing(cluster), ['stranger Old_Shop.1'])
    },
  })
})

async function remoteOf(cluster: World['cluster'], ref: string) {
  const driver = await cluster.openDriver()
  return driver.instances.find(ref).finally(() => driver.close())
}
