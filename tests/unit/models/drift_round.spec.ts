import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import DriftFinding from '#models/drift_finding'
import Instance from '#models/instance'
import Organization from '#models/organization'
import Transfer from '#models/transfer'
import { newUid } from '#models/concerns/uid'
import { Tenant } from '#models/concerns/tenant'
import { compare, differing, finding } from '#tests/support/drift'
import { countStatements } from '#tests/support/statements'
import { usage } from '#tests/support/steps'
import { furtherNetwork } from '#tests/support/networks'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, world } from '#tests/support/world'

const OTHER = { family: 4 as const, address: '10.99.0.200', prefixLength: 24, gateway: '10.99.0.1' }

test.group('Drift round', (group) => {
  group.each.setup(() => emptyDatabase())

  test('where all is as it should be there is nothing to tell', async ({ assert }) => {
    const { acme, cluster } = await world()
    await acme.instance('web-1')
    const result = await compare(cluster)
    assert.deepInclude(result, { outcome: 'compared', guests: 1, findings: 0 })
    assert.deepEqual(await differing(cluster), [])
  })

  test('sees what was stopped, changed, readdressed, removed and made past Portico', async ({
    assert,
  }) => {
    const { acme, cluster, fake } = await world()
    const [stopped, changed, moved, gone] = [
      await acme.instance('stopped'),
      await acme.instance('changed'),
      await acme.instance('moved'),
      await acme.instance('gone'),
    ]
    fake.turn(stopped.ref, 'stopped')
    fake.alter(changed.ref, { size: { memoryMib: 9_999 } })
    fake.alter(moved.ref, { addresses: [OTHER] })
    fake.lose(gone.ref)
    fake.add([{ ref: 'by-hand' }, { ref: 'forgotten', stamp: newUid('i') }])
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [
      'addresses moved',
      'limits changed',
      'missing gone',
      'orphan forgotten',
      'power stopped',
      'stranger by-hand',
    ])
    const { facts } = await finding(cluster, 'limits')
    assert.equal(facts.wanted!.size!.memoryMib, 512)
    assert.equal(facts.found!.size!.memoryMib, 9_999)
  })

  test('a copy of an instance that carries its stamp is an orphan', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    fake.add([{ ref: 'web-copy', stamp: web.uid }])
    await compare(cluster)
    assert.deepEqual(await differing(cluster), ['orphan web-copy'])
  })

  test('cards that are missing, too many or on another network are told, each instance once', async ({
    assert,
  }) => {
    const given = await world()
    const { acme, cluster, fake } = given
    const network = await furtherNetwork(given)
    fake.addNetwork('other')
    const names = ['whole', 'missing', 'replugged', 'grown'] as const
    const refs = new Map<string, string>()
    for (const name of names) {
      const instance = await acme.instance(name)
      refs.set(name, instance.ref)
      await finish(await acme.inside(() => instance.attachNetwork({ network, by: acme.owner })))
    }
    const card = {
      name: 'eth2',
      network: 'other',
      macAddress: '00:16:3e:00:00:01',
      addresses: [],
      isForeign: true as const,
    }
    fake.alter(refs.get('missing')!, { cards: [] })
    fake.alter(refs.get('replugged')!, { cards: [{ ...card, name: 'eth1' }] })
    fake.alter(refs.get('grown')!, { cards: [...fake.cards(refs.get('grown')!), card] })
    await compare(cluster)
    assert.deepEqual(await differing(cluster), ['cards grown', 'cards missing', 'cards replugged'])
    const grown = await DriftFinding.findByOrFail('name', 'grown')
    assert.lengthOf(grown.facts.wanted!.cards!, 1)
    assert.equal(grown.facts.found!.cards!.at(-1), 'eth2 other 00:16:3e:00:00:01')
  })

  test('is seen since the first time, and gone when it is put right', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    fake.turn(web.ref, 'stopped')
    await compare(cluster)
    await db.from('drift_findings').update({ first_seen_at: '2026-01-01 00:00:00' })
    const { uid } = await finding(cluster, 'power')
    await compare(cluster)
    const again = await finding(cluster, 'power')
    assert.equal(again.uid, uid)
    assert.equal(again.firstSeenAt.toUTC().toISODate(), '2026-01-01')
    assert.isAbove(again.lastSeenAt.toMillis(), again.firstSeenAt.toMillis())
    fake.turn(web.ref, 'running')
    await compare(cluster)
    assert.isNull(await DriftFinding.findBy('uid', uid))
  })

  test('what Portico itself is doing is no drift', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    fake.turn(web.ref, 'stopped')
    const operation = await acme.inside(() => web.power('stop', acme.owner))
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
    await finish(operation)
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
  })

  test('a suspended instance that runs is told', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    const { operation } = await acme.inside(() => web.suspend('billing', { by: null }))
    await finish(operation!)
    fake.turn(web.ref, 'running')
    await compare(cluster)
    const power = await finding(cluster, 'power')
    assert.deepEqual(power.facts.wanted, { power: 'stopped' })
  })

  test('what is forgotten is told no more until it becomes another', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.alter(web.ref, { size: { cpus: 4 } })
    await compare(cluster)
    await (await finding(cluster, 'limits')).forget(await staff())
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
    fake.alter(web.ref, { size: { cpus: 5 } })
    await compare(cluster)
    assert.deepEqual(await differing(cluster), ['limits web-1'])
  })

  test('forwards that are gone are put right by the way', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    await portPool(cluster)
    const web = await acme.instance('web-1')
    fake.loseForwards()
    const result = await compare(cluster)
    assert.deepInclude(result, { restored: 1, findings: 0 })
    assert.equal(fake.countForwards(), 1)
    assert.equal(web.name, 'web-1')
  })

  test('a silent cluster takes nothing back of what is known', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    fake.turn(web.ref, 'stopped')
    await compare(cluster)
    fake.goOffline()
    assert.deepEqual(await compare(cluster), { outcome: 'failed', errorKind: 'unreachable' })
    assert.deepEqual(await differing(cluster), ['power web-1'])
  })

  test('of two at once, one gives way', async ({ assert }) => {
    const { cluster, fake } = await world()
    fake.configure({ callMs: 100 })
    const results = await Promise.all([compare(cluster), compare(cluster)])
    assert.sameMembers(
      results.map(({ outcome }) => outcome),
      ['compared', 'skipped']
    )
  })

  test('asks the cluster once and the database no more often for many than for few', async ({
    assert,
  }) => {
    const { cluster, fake } = await world()
    const few = await countStatements(() => compare(cluster))
    fake.add(Array.from({ length: 2_000 }, (_, index) => ({ ref: `guest-${index}` })))
    const begun = performance.now()
    const many = await countStatements(() => compare(cluster))
    assert.isBelow(performance.now() - begun, 20_000)
    // A hundred findings go into one insert; what is read is read in one.
    assert.isAtMost(many, few + 20)
    assert.lengthOf(await differing(cluster), 2_000)
  })
})

test.group('Drift | what was found becomes what should be', (group) => {
  group.each.setup(() => emptyDatabase())

  test('limits, with the quota they take', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.alter(web.ref, { size: { cpus: 3, memoryMib: 1_024 } })
    await compare(cluster)
    await (await finding(cluster, 'limits')).adopt(await staff())
    await acme.inside(() => web.refresh())
    assert.deepInclude(web.size, { cpus: 3, memoryMib: 1_024 })
    const quota = await db
      .from('quotas')
      .where({ organization_id: acme.organization.id, resource: 'cpus' })
      .first()
    assert.equal(quota.used, 3)
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
  })

  test('limits beyond its quota are refused, and nothing is changed', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.alter(web.ref, { size: { cpus: 60 } })
    await compare(cluster)
    const limits = await finding(cluster, 'limits')
    const by = await staff()
    await assert.rejects(() => limits.adopt(by), /E_QUOTA_EXCEEDED/)
    await acme.inside(() => web.refresh())
    assert.equal(web.cpus, 1)
  })

  test('power', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.turn(web.ref, 'stopped')
    await compare(cluster)
    await (await finding(cluster, 'power')).adopt(await staff())
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
  })

  test('an address, which is leased in the place of the other', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.alter(web.ref, { addresses: [OTHER] })
    await compare(cluster)
    await (await finding(cluster, 'addresses')).adopt(await staff())
    const rows = await db.from('addresses').where('instance_id', web.id)
    assert.deepEqual(
      rows.map(({ address }) => address),
      [OTHER.address]
    )
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
  })

  test('an address that another instance holds is refused', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const [web, other] = [await acme.instance('web-1'), await acme.instance('web-2')]
    const { address } = await db.from('addresses').where('instance_id', other.id).first()
    fake.alter(web.ref, { addresses: [{ ...OTHER, address }] })
    await compare(cluster)
    const addresses = await finding(cluster, 'addresses')
    const by = await staff()
    await assert.rejects(() => addresses.adopt(by), /E_ADDRESS_LEASED/)
  })

  test('a guest of the name of an instance that was deleted', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    await finish(await acme.inside(() => web.destroy(acme.owner)))
    fake.add([{ ref: web.ref, stamp: web.uid }])
    await compare(cluster)
    const operation = await (await finding(cluster, 'orphan')).adopt(await staff(), 'back-again')
    await finish(operation!)
    assert.equal(operation!.state, 'succeeded')
    const provider = await Organization.provider()
    const adopted = await Tenant.run(provider.id, () =>
      Instance.findByOrFail('liveName', 'back-again')
    )
    assert.equal(adopted.ref, web.ref)
    assert.notEqual(adopted.uid, web.uid)
  })

  test('a guest is adopted once', async ({ assert }) => {
    const { cluster, fake, staff } = await world()
    fake.add([{ ref: 'by-hand' }])
    await compare(cluster)
    const stranger = await finding(cluster, 'stranger')
    const by = await staff()
    await stranger.adopt(by, 'one')
    await assert.rejects(() => stranger.adopt(by, 'two'), /E_NOT_POSSIBLE_NOW/)
  })

  test('what was adopted is handed to a customer, with its address and its quota', async ({
    assert,
  }) => {
    const { acme, cluster, fake, staff } = await world()
    fake.add([{ ref: 'by-hand', size: { cpus: 2 }, addresses: [OTHER] }])
    await compare(cluster)
    const by = await staff()
    await finish((await (await finding(cluster, 'stranger')).adopt(by, 'shop'))!)
    const provider = await Organization.provider()
    const adopted = await Tenant.run(provider.id, () => Instance.findByOrFail('liveName', 'shop'))
    const { uid } = await Tenant.run(provider.id, () =>
      Transfer.offer(adopted, { to: acme.organization.slug, by })
    )
    const offered = await Transfer.offeredAs(acme.organization, uid)
    await offered.accept({ by: acme.owner })
    const { address } = await db.from('addresses').where('instance_id', adopted.id).first()
    assert.equal(address, OTHER.address)
    const used = await usage(acme.organization.id)
    assert.deepInclude(used, { instances: 1, cpus: 2, addresses: 1 })
    await compare(cluster)
    assert.deepEqual(await differing(cluster), [])
  })

  test('an instance that is gone is given up with all it holds', async ({ assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.lose(web.ref)
    await compare(cluster)
    const operation = await (await finding(cluster, 'missing')).remove(await staff())
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    assert.lengthOf(await db.from('addresses').where('instance_id', web.id), 0)
    assert.lengthOf(await db.from('quota_holdings').where('subject', `instance-${web.id}`), 0)
  })
})
