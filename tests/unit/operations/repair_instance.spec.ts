import { test } from '@japa/runner'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import { repair } from '#models/instance_repair'
import { compare, compareUntil, differing, finding } from '#tests/support/drift'
import { furtherNetwork } from '#tests/support/networks'
import { finish, powerOf, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance }

const OTHER = { family: 4 as const, address: '10.99.0.99', prefixLength: 24, gateway: '10.99.0.1' }

async function scene(): Promise<Scene> {
  const made = await world()
  return { ...made, instance: await made.acme.instance('web-1') }
}

async function remoteOf({ cluster, instance }: Scene) {
  const driver = await cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  return remote!
}

test.group('Repair of an instance | limits', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.repair',
    async scene() {
      const made = await scene()
      made.fake.alter(made.instance.ref, { size: { cpus: 7, memoryMib: 4_096, ingressMbps: null } })
      await compare(made.cluster)
      return made
    },
    async open({ cluster, staff }) {
      return (await (await finding(cluster, 'limits')).repair(await staff()))!
    },
    async done(made, assert) {
      assert.deepEqual((await remoteOf(made)).size, made.instance.size)
      assert.deepEqual(await differing(made.cluster), [])
    },
    async undone(made, assert) {
      const { size } = await remoteOf(made)
      assert.deepInclude(size, { cpus: 7, memoryMib: 4_096, ingressMbps: null })
      assert.deepEqual(await differing(made.cluster), ['limits web-1'])
    },
  })
})

test.group('Repair of an instance | addresses', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.repair',
    async scene() {
      const made = await scene()
      made.fake.alter(made.instance.ref, { addresses: [OTHER] })
      await compareUntil(made.cluster, 'addresses')
      return made
    },
    async open({ cluster, staff }) {
      return (await (await finding(cluster, 'addresses')).repair(await staff()))!
    },
    async done(made, assert) {
      const { addresses, power } = await remoteOf(made)
      assert.notInclude(
        addresses.map(({ address }) => address),
        OTHER.address
      )
      assert.equal(power, 'running')
      await compare(made.cluster)
      assert.deepEqual(await differing(made.cluster), [])
    },
    async undone(made, assert) {
      await compare(made.cluster)
      assert.deepEqual(await differing(made.cluster), ['addresses web-1'])
    },
  })
})

test.group('Repair of an instance | cards', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.repair',
    async scene() {
      const made = await scene()
      const { acme, cluster, fake, instance } = made
      const network = await furtherNetwork(made)
      await finish(await acme.inside(() => instance.attachNetwork({ network, by: acme.owner })))
      const [card] = fake.cards(instance.ref)
      // Ours was taken away, and another one stands in its place.
      fake.alter(instance.ref, {
        cards: [{ ...card!, macAddress: '00:16:3e:00:00:01', addresses: [], isForeign: true }],
      })
      await compare(cluster)
      return made
    },
    async open({ cluster, staff }) {
      return (await (await finding(cluster, 'cards')).repair(await staff()))!
    },
    async done({ cluster, fake, instance }, assert) {
      const [card, ...others] = fake.cards(instance.ref)
      assert.isEmpty(others)
      assert.isUndefined(card!.isForeign)
      assert.lengthOf(card!.addresses, 1)
      await compare(cluster)
      assert.deepEqual(await differing(cluster), [])
    },
    // What was put right stays so.
    async undone({ fake, instance }, assert) {
      assert.lengthOf(fake.cards(instance.ref), 1)
    },
  })
})

test.group('Repair of an instance | power', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.repair',
    async scene() {
      const made = await scene()
      made.fake.turn(made.instance.ref, 'stopped')
      await compare(made.cluster)
      return made
    },
    async open({ acme, cluster, instance, staff }): Promise<Operation> {
      const { kind, facts } = await finding(cluster, 'power')
      const by = await staff()
      return acme.inside(() => repair(instance, kind, facts, by))
    },
    async done({ acme, cluster, instance }, assert) {
      await acme.inside(() => instance.refresh())
      assert.equal(instance.powerState, 'running')
      assert.equal(await powerOf(instance, cluster), 'running')
      assert.deepEqual(await differing(cluster), [])
    },
    // What was switched stays so: turning it back would be one more change that nobody asked for.
    async undone({ cluster, instance }, assert) {
      assert.isNotNull(await powerOf(instance, cluster))
    },
  })
})
