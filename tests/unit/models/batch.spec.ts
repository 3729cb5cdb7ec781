import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import AuditEvent from '#models/audit_event'
import Batch from '#models/batch'
import { mayAsk, RULES } from '#models/batch_deed'
import { countItems, listItems } from '#models/batch_list'
import { runBatch } from '#models/batch_run'
import type Instance from '#models/instance'
import { chosenInstances } from '#models/instance_choice'
import { Search } from '#models/concerns/search'
import Membership from '#models/membership'
import Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { BATCH_DEEDS, ROLES, type BatchDeed, type BatchInput } from '#models/types'
import type User from '#models/user'
import InstancePolicy from '#policies/instance_policy'
import SnapshotPolicy from '#policies/snapshot_policy'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, powerOf, world, type TestTenant } from '#tests/support/world'

const LIVING = new AbortController().signal

test.group('Many at once', (group) => {
  group.each.teardown(emptyDatabase)

  test('each gets the operation of the single deed, and the batch ends with the last', async ({
    assert,
  }) => {
    const { acme, cluster } = await world()
    const instances = [await acme.instance('web-1'), await acme.instance('web-2')]
    const batch = await order(acme, instances, 'stop')
    assert.isFalse((await advance(batch)).done)
    const operations = await operationsOf(batch)
    assert.deepEqual(
      operations.map(({ type, input, requestedById }) => [type, input.action, requestedById]),
      [
        ['instance.power', 'stop', acme.owner.id],
        ['instance.power', 'stop', acme.owner.id],
      ]
    )
    for (const operation of operations) await finish(operation)
    assert.isTrue((await advance(batch)).done)
    await reread(batch)
    assert.isNotNull(batch.endedAt)
    assert.deepEqual(await counts(acme, batch), {
      all: 2,
      open: 0,
      succeeded: 2,
      failed: 0,
      cancelled: 0,
    })
    for (const instance of instances) assert.equal(await powerOf(instance, cluster), 'stopped')
  })

  test('a refusal is a result, and the others go on', async ({ assert }) => {
    const { acme } = await world()
    const [ready, busy] = [await acme.instance('web-1'), await acme.instance('web-2')]
    await acme.inside(() => busy.power('restart', acme.owner))
    const { instance: unmade } = await acme.order('web-3')
    const batch = await order(acme, [ready, busy, unmade], 'stop')
    await drive(batch)
    const { rows } = await acme.inside(() =>
      listItems(batch, { view: 'all', cursor: {}, size: 50 })
    )
    assert.deepEqual(
      rows.map(({ instance, outcome, refusal }) => [instance, outcome, refusal]),
      [
        ['web-1', 'succeeded', null],
        ['web-2', 'refused', 'E_INSTANCE_BUSY'],
        ['web-3', 'refused', 'E_NOT_POSSIBLE_NOW'],
      ]
    )
    const events = await audited('batch.refused')
    assert.deepEqual(
      events.map(({ subjectLabel, outcome, actorId }) => [subjectLabel, outcome, actorId]),
      [
        ['web-2', 'refused', acme.owner.id],
        ['web-3', 'refused', acme.owner.id],
      ]
    )
  })

  test('snapshots are taken of many', async ({ assert }) => {
    const { acme } = await world()
    const instances = [await acme.instance('web-1'), await acme.instance('web-2')]
    await drive(await order(acme, instances, 'snapshot'))
    assert.lengthOf(await db.from('snapshots').whereNotNull('taken_at'), 2)
  })

  test('only what failed is tried again', async ({ assert }) => {
    const { acme, fake } = await world()
    const instances = [await acme.instance('web-1'), await acme.instance('web-2')]
    fake.refuseNext('stop', { kind: 'unsupported' })
    const batch = await order(acme, instances, 'stop')
    await drive(batch)
    await reread(batch)
    assert.deepInclude(await counts(acme, batch), { succeeded: 1, failed: 1 })
    const again = await acme.inside(() => batch.retry(acme.organization, acme.owner))
    const twin = await acme.inside(() => batch.retry(acme.organization, acme.owner))
    assert.equal(twin.id, again.id)
    await drive(again)
    assert.deepEqual(await counts(acme, again), {
      all: 1,
      open: 0,
      succeeded: 1,
      failed: 0,
      cancelled: 0,
    })
    await reread(again)
    await assert.rejects(
      () => acme.inside(() => again.retry(acme.organization, acme.owner)),
      'E_NOT_POSSIBLE_NOW'
    )
  })

  test('the rest can be cancelled, also of a deed that cannot', async ({ assert }) => {
    const { acme, fake } = await world()
    const instances = [await acme.instance('web-1'), await acme.instance('web-2')]
    const batch = await order(acme, instances, 'delete')
    await acme.inside(() => batch.cancel(acme.owner))
    await drive(batch)
    assert.deepEqual(await counts(acme, batch), {
      all: 2,
      open: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 2,
    })
    assert.equal(fake.count(), 2)
    await assert.rejects(() => acme.inside(() => batch.cancel(acme.owner)), 'E_NOT_POSSIBLE_NOW')
  })

  test('a worker killed after it opened an operation, and before it wrote that down, opens no second', async ({
    assert,
  }) => {
    const { acme } = await world()
    const batch = await order(acme, [await acme.instance('web-1')], 'stop')
    await advance(batch)
    await db.from('batch_items').update({ state: 'waiting', operation_id: null })
    await db.from('batches').update({ heartbeat_at: 1 })
    await advance(batch)
    assert.lengthOf(await operationsOf(batch), 1)
    assert.lengthOf(await db.from('operations').where('type', 'instance.power'), 1)
  })

  test('one worker at a time looks after it, and the sweep finds one that nobody does', async ({
    assert,
  }) => {
    const { acme } = await world()
    const batch = await order(acme, [await acme.instance('web-1')], 'stop')
    await db.from('batches').update({ heartbeat_at: Date.now(), looked_at: Date.now() })
    assert.isTrue((await advance(batch)).done)
    assert.lengthOf(await operationsOf(batch), 0)
    assert.equal(await Tenant.system('test', () => Batch.sweep()), 0)
    await db.from('batches').update({ heartbeat_at: 1, looked_at: 1 })
    assert.equal(await Tenant.system('test', () => Batch.sweep()), 1)
    await advance(batch)
    assert.lengthOf(await operationsOf(batch), 1)
  })

  test('whoever lost the role meanwhile gets no further', async ({ assert }) => {
    const { acme } = await world()
    const batch = await order(acme, [await acme.instance('web-1')], 'stop', {}, acme.operator)
    await db.from('memberships').where('user_id', acme.operator.id).update({ role: 'viewer' })
    await drive(batch)
    const { rows } = await acme.inside(() =>
      listItems(batch, { view: 'failed', cursor: {}, size: 50 })
    )
    assert.deepEqual(
      rows.map(({ refusal }) => refusal),
      ['E_NOT_ALLOWED_ANY_MORE']
    )
  })

  test('staff suspend and lift over all organizations, and it is recorded as done by staff', async ({
    assert,
  }) => {
    const { acme, globex, staff } = await world()
    const by = await staff('operator')
    const instances = [await acme.instance('web-1'), await globex.instance('db-1')]
    const asked = (deed: BatchDeed) =>
      Tenant.system('test', () =>
        AuditEvent.from(
          { asStaff: true, ipAddress: '198.51.100.7', userAgent: null, requestId: null },
          () => Batch.order(null, instances.map(subject), { deed, by, input: { reason: 'abuse' } })
        )
      )
    await drive(await asked('suspend'))
    assert.lengthOf(await db.from('suspensions').whereNotNull('open_on'), 2)
    const events = await audited('instance.suspended')
    assert.deepEqual(
      events.map(({ asStaff, ipAddress }) => [asStaff, ipAddress]),
      [
        [true, '198.51.100.7'],
        [true, '198.51.100.7'],
      ]
    )
    await drive(await asked('unsuspend'))
    assert.lengthOf(await db.from('suspensions').whereNotNull('open_on'), 0)
    const third = await asked('unsuspend')
    await drive(third)
    assert.deepInclude(await Tenant.system('test', () => countItems(third)), { succeeded: 2 })
  })

  test('asked twice with one key, done once', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const wanted = { deed: 'stop', by: acme.owner, requestKey: 'one-and-the-same' } as const
    const ask = () => acme.inside(() => Batch.order(acme.organization, [subject(instance)], wanted))
    assert.equal((await ask()).id, (await ask()).id)
    assert.lengthOf(await db.from('batch_items'), 1)
  })

  test('no more than a few are open at a time', async ({ assert }) => {
    const { acme } = await world()
    await acme.lift()
    const instances: Instance[] = []
    for (let number = 1; number <= 55; number += 1) {
      instances.push((await acme.order(`web-${number}`)).instance)
    }
    await acme.allReady()
    const batch = await order(acme, instances, 'stop')
    await advance(batch)
    assert.lengthOf(await operationsOf(batch), 50)
    assert.lengthOf(await db.from('batch_items').where('state', 'waiting'), 5)
  })

  test('who chooses sees their own, what was deleted is not chosen, and a search chooses what it finds', async ({
    assert,
  }) => {
    const { acme, globex } = await world()
    const [web, db1] = [await acme.instance('web-1'), await acme.instance('db-1')]
    const foreign = await globex.instance('web-9')
    const chosen = (choice: Parameters<typeof chosenInstances>[1]) =>
      acme.inside(() => chosenInstances(acme.organization, choice))
    const uids = [web.uid, foreign.uid]
    assert.deepEqual(
      (await chosen({ uids })).map(({ name }) => name),
      ['web-1']
    )
    const search = Search.parse('name:db', ['name'] as const) as never
    assert.deepEqual(
      (await chosen({ matching: { search } })).map(({ name }) => name),
      ['db-1']
    )
    await finish(await acme.inside(() => db1.destroy(acme.owner)))
    await assert.rejects(() => chosen({ matching: { search } }), 'E_NOTHING_CHOSEN')
  })

  test('whoever may do it to one may do it to many', async ({ assert }) => {
    const { acme } = await world()
    const [policy, snapshots] = [new InstancePolicy(), new SnapshotPolicy()]
    const single: Partial<Record<BatchDeed, (user: User, membership: Membership) => boolean>> = {
      start: (...who) => policy.power(...who),
      stop: (...who) => policy.power(...who),
      restart: (...who) => policy.power(...who),
      snapshot: (...who) => snapshots.create(...who),
      delete: (...who) => policy.destroy(...who),
    }
    for (const role of ROLES) {
      const membership = (await Membership.of(acme[role].id, acme.organization.slug))!
      for (const deed of BATCH_DEEDS) {
        const allowed = single[deed]?.(acme[role], membership) ?? false
        assert.equal(mayAsk(deed, acme[role], membership), allowed, `${role} ${deed}`)
        assert.equal(RULES[deed].role === null, !single[deed])
      }
    }
  })
})

const subject = ({ id, organizationId }: Instance) => ({ id, organization_id: organizationId })

function order(
  { inside, organization, owner }: TestTenant,
  instances: Instance[],
  deed: BatchDeed,
  input: BatchInput = {},
  by = owner
): Promise<Batch> {
  return inside(() => Batch.order(organization, instances.map(subject), { deed, by, input }))
}

const advance = (batch: Batch) => Tenant.none(() => runBatch(batch.id, LIVING))

async function drive(batch: Batch): Promise<void> {
  while (!(await advance(batch)).done) {
    for (const operation of await operationsOf(batch)) await finish(operation)
  }
}

function operationsOf(batch: Batch): Promise<Operation[]> {
  return Tenant.system('test', () =>
    Operation.query()
      .whereIn('id', (items) =>
        items.from('batch_items').where('batch_id', batch.id).select('operation_id')
      )
      .orderBy('id')
  )
}

const counts = ({ inside }: TestTenant, batch: Batch) => inside(() => countItems(batch))

const reread = (batch: Batch) => Tenant.system('test', () => batch.refresh())

const audited = (action: string) =>
  Tenant.system('test', () => AuditEvent.query().where('action', action).orderBy('id'))
