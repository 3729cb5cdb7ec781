import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { TooManyForwards, type DomainError } from '#exceptions/domain_error'
import { reconcileForwards } from '#models/forward_reconciler'
import type { ForwardOrder } from '#models/port_forward'
import PortForward from '#models/port_forward'
import type Instance from '#models/instance'
import { Tenant } from '#models/concerns/tenant'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, world, type World } from '#tests/support/world'

const SSH: ForwardOrder = { protocol: 'tcp', targetPort: 22 }

async function scene(pool: Parameters<typeof portPool>[1] = {}) {
  const given = await world()
  const instance = await given.acme.instance('web-1')
  return { ...given, instance, ports: await portPool(given.cluster, pool) }
}

const ordered = ({ acme }: World, instance: Instance, orders: ForwardOrder | ForwardOrder[]) =>
  acme.inside(() => instance.forward(orders, acme.owner))

/** Asks, and runs it to its end. */
async function forwarded(given: World, instance: Instance, orders: ForwardOrder | ForwardOrder[]) {
  const { operation, forwards } = await ordered(given, instance, orders)
  await finish(operation)
  return forwards
}

async function refusal(work: Promise<unknown>): Promise<Pick<DomainError, 'code' | 'data'>> {
  try {
    await work
  } catch (error) {
    return error as DomainError
  }
  throw new Error('it was not refused')
}

test.group('Port forwards', (group) => {
  // Real commits: the races below need several connections.
  group.each.setup(() => emptyDatabase())

  test('a port that nobody named is drawn from the pool, another one every time', async ({
    assert,
  }) => {
    const given = await scene()
    const forwards = [
      ...(await forwarded(given, given.instance, SSH)),
      ...(await forwarded(given, given.instance, SSH)),
    ]
    assert.notEqual(forwards[0]!.firstPort, forwards[1]!.firstPort)
    for (const { firstPort, address } of forwards) {
      assert.isTrue(firstPort >= 20_000 && firstPort <= 20_999)
      assert.equal(given.fake.reach(address, 'tcp', firstPort), `${given.instance.ref}:22`)
    }
  })

  test('fifty requests at once for the last free port: one wins, the others hear why', async ({
    assert,
  }) => {
    const given = await world()
    await given.acme.lift()
    const orders = Array.from({ length: 50 }, (_, index) => given.acme.order(`web-${index}`))
    const instances = (await Promise.all(orders)).map(({ instance }) => instance)
    await reserveAddresses(given, instances)
    await given.acme.allReady()
    await Promise.all(instances.map((instance) => given.acme.inside(() => instance.refresh())))
    await portPool(given.cluster, { ports: '20000-20001', reserved: '20001' })

    const results = await Promise.allSettled(
      instances.map((instance, index) =>
        ordered(given, instance, index % 2 ? SSH : { ...SSH, port: 20_000 })
      )
    )

    assert.lengthOf(
      results.filter(({ status }) => status === 'fulfilled'),
      1
    )
    const codes = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as DomainError).code] : []
    )
    assert.sameMembers([...new Set(codes)], ['E_NO_FREE_PORT', 'E_PORT_TAKEN'])
    assert.equal(await total('port_leases'), 1)
    assert.equal((await usage(given.acme.organization.id)).port_forwards, 1)
  })

  test('two pools of one public address never give the same port', async ({ assert }) => {
    const given = await scene({ ports: '20000' })
    await portPool(given.cluster, { ports: '20000-20001', name: 'second' })
    const [first] = await forwarded(given, given.instance, { ...SSH, port: 20_000 })
    const [second] = await forwarded(given, given.instance, SSH)
    assert.deepEqual([first!.firstPort, second!.firstPort], [20_000, 20_001])
  })

  test('what is refused says which port and why, and takes nothing', async ({ assert }) => {
    const given = await scene({ ports: '20000-20009', reserved: '20005, 20008' })
    await forwarded(given, given.instance, { ...SSH, port: 20_001 })
    const ask = (order: Partial<ForwardOrder>) =>
      refusal(ordered(given, given.instance, { ...SSH, ...order }))
    assert.include(await ask({ port: 19_999 }), { code: 'E_PORT_NOT_OFFERED' })
    assert.include(await ask({ port: 20_005 }), { code: 'E_PORT_RESERVED' })
    assert.include(await ask({ port: 20_004, count: 2 }), { code: 'E_PORT_RESERVED' })
    assert.include(await ask({ port: 20_001 }), { code: 'E_PORT_TAKEN' })
    assert.deepInclude((await ask({ port: 20_000, count: 3 })).data, { port: 20_001 })
    assert.include(await ask({ count: 5 }), { code: 'E_TOO_MANY_FORWARDS' })
    assert.include(await ask({ count: 4 }), { code: 'E_NO_FREE_PORT' })
    assert.include(await ask({ targetPort: 65_535, count: 2 }), { code: 'E_PORT_BEYOND_LAST' })
    assert.equal(await total('port_leases'), 1)
  })

  test('a plan’s limit counts ports, a range each of its own', async ({ assert }) => {
    const given = await scene()
    await forwarded(given, given.instance, { protocol: 'both', targetPort: 8000, count: 2 })
    await forwarded(given, given.instance, SSH)
    const { code, data } = await refusal(ordered(given, given.instance, SSH))
    assert.equal(code, 'E_TOO_MANY_FORWARDS')
    assert.deepEqual(data, { maximum: 5, used: 5, wanted: 1 })
  })

  test('the organization’s quota is taken and given back', async ({ assert }) => {
    const given = await scene()
    await db
      .from('quotas')
      .where({ organization_id: given.acme.organization.id, resource: 'port_forwards' })
      .update({ maximum: 2 })
    const [forward] = await forwarded(given, given.instance, { ...SSH, count: 2 })
    assert.equal((await refusal(ordered(given, given.instance, SSH))).code, 'E_QUOTA_EXCEEDED')
    await given.acme.inside(() => forward!.load('instance'))
    await finish(await given.acme.inside(() => forward!.remove(given.acme.owner)))
    assert.equal((await usage(given.acme.organization.id)).port_forwards, 0)
    await forwarded(given, given.instance, SSH)
  })

  test('asked twice with one key, done once', async ({ assert }) => {
    const given = await scene()
    const ask = () =>
      given.acme.inside(() => given.instance.forward(SSH, given.acme.owner, 'same-key-1'))
    const [first, second] = await Promise.all([ask(), ask()])
    assert.equal(first.operation.id, second.operation.id)
    assert.equal(await total('port_forwards'), 1)
  })

  test('a failed one can be asked for again', async ({ assert }) => {
    const given = await scene()
    given.fake.refuseNext('forward', { kind: 'invalid' })
    const { operation } = await ordered(given, given.instance, { ...SSH, port: 20_022 })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(await total('port_leases'), 0)
    await finish(await given.acme.inside(() => operation.retry(given.acme.owner)))
    assert.equal(given.fake.reach('203.0.113.7', 'tcp', 20_022), `${given.instance.ref}:22`)
  })

  test('an instance comes with a port to SSH, which counts for nobody and goes with it', async ({
    assert,
  }) => {
    const given = await world()
    await portPool(given.cluster)
    const instance = await given.acme.instance('web-1')
    const [ssh] = await given.acme.inside(() => PortForward.ofInstance(instance))
    assert.isTrue(ssh!.isForSsh)
    assert.equal(given.fake.reach(ssh!.address, 'tcp', ssh!.firstPort), `${instance.ref}:22`)
    assert.equal(await given.acme.inside(() => PortForward.countFor(instance)), 0)
    assert.equal((await usage(given.acme.organization.id)).port_forwards, 0)
    await finish(await given.acme.inside(() => instance.destroy(given.acme.owner)))
    assert.equal(given.fake.countForwards(), 0)
    assert.equal(await total('port_forwards'), 0)
  })

  test('where a billing system sold it the port to SSH is one of those that were bought', async ({
    assert,
  }) => {
    const given = await world()
    await portPool(given.cluster)
    const instance = await given.acme.instance('web-1')
    await given.acme.inside(async () => {
      await instance.merge({ billingReference: 'ser-1', portForwardLimit: 2 }).save()
      assert.equal(await PortForward.countFor(instance), 1)
      const { operation } = await instance.forward({ protocol: 'tcp', targetPort: 80 }, null)
      await finish(operation)
      const more = () => instance.forward({ protocol: 'tcp', targetPort: 81 }, null)
      await assert.rejects(more, TooManyForwards)
      const [ssh] = await PortForward.ofInstance(instance)
      await finish(await instance.unforward([ssh!], null))
      await more()
    })
  })

  test('a create without a free port is taken back and says so', async ({ assert }) => {
    const given = await world()
    await portPool(given.cluster, { ports: '20000', reserved: '20000' })
    const { operation } = await given.acme.order('web-1')
    await finish(operation)
    assert.include(
      { state: operation.state, step: operation.failedStep, error: operation.error },
      { state: 'failed', step: 'reserve_port', error: 'E_NO_FREE_PORT' }
    )
    assert.equal(given.fake.count(), 0)
  })
})

test.group('The reconciler of port forwards', (group) => {
  group.each.setup(() => emptyDatabase())

  const reconcile = () => Tenant.system('test', () => reconcileForwards())

  test('puts back what a reboot lost, and takes away what nobody has', async ({ assert }) => {
    const given = await scene()
    const [kept] = await forwarded(given, given.instance, SSH)
    given.fake.loseForwards()
    given.fake.placeStrayForward('203.0.113.7', 'tcp', 20_500, 'gone')
    given.fake.placeForeignForward('203.0.113.7', 'tcp', 30_000, 'theirs', 80)
    const [result] = await reconcile()
    assert.deepInclude(result, { outcome: 'compared', restored: 1, removed: 1 })
    assert.equal(
      given.fake.reach('203.0.113.7', 'tcp', kept!.firstPort),
      `${given.instance.ref}:22`
    )
    assert.isNull(given.fake.reach('203.0.113.7', 'tcp', 20_500))
    assert.equal(given.fake.reach('203.0.113.7', 'tcp', 30_000), 'theirs:80')
    const [again] = await reconcile()
    assert.deepInclude(again, { restored: 0, removed: 0 })
  })

  test('leaves alone what an operation is about', async ({ assert }) => {
    const given = await scene()
    const [forward] = await forwarded(given, given.instance, SSH)
    given.fake.loseForwards()
    const removal = await given.acme.inside(() =>
      given.instance.unforward([forward!], given.acme.owner)
    )
    const pending = await pendingForward(given)
    given.fake.loseForwards()
    const [result] = await reconcile()
    assert.deepInclude(result, { restored: 0, removed: 0 })
    assert.equal(given.fake.countForwards(), 0)
    await finish(removal)
    await finish(pending)
    const placed = await total('port_forwards')
    assert.equal(given.fake.countForwards(), 1)
    assert.equal(placed, 2)
  })

  test('tells when whoever carries them does not answer', async ({ assert }) => {
    const given = await scene()
    await forwarded(given, given.instance, SSH)
    given.fake.goOffline()
    assert.deepEqual(await reconcile(), [{ cluster: given.cluster.uid, outcome: 'failed' }])
    const row = await db.from('cluster_forwarders').where('cluster_id', given.cluster.id).first()
    assert.equal(row.error_kind, 'unreachable')
  })
})

/** Another instance, with forwards that are asked for and not yet there. */
async function pendingForward(given: World) {
  const { operation } = await ordered(given, await given.acme.instance('web-2'), SSH)
  return operation
}

async function total(table: string): Promise<number> {
  const row = await db.from(table).count('* as total').firstOrFail()
  return Number(row.total)
}

/** An address for each, without running their creates. */
async function reserveAddresses(given: World, instances: Instance[]) {
  for (const instance of instances) await given.acme.inside(() => given.pool.lease(instance))
}
