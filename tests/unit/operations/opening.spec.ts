import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import Operation from '#models/operation'
import Quota from '#models/quota'
import { transaction } from '#models/concerns/transaction'
import { Tenant } from '#models/concerns/tenant'
import { gate, holdings, reread, runOnce, usage, watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world } from '#tests/support/world'

test.group('Opening an operation', (group) => {
  group.each.teardown(emptyDatabase)

  test('asked twice with one key, done once', async ({ assert }) => {
    const { acme, fake } = await world()
    const first = await acme.order('web-1', { requestKey: 'form-1' })
    const second = await acme.order('web-1', { requestKey: 'form-1' })
    assert.equal(second.operation.id, first.operation.id)
    assert.equal(second.instance.id, first.instance.id)
    await finish(first.operation)
    const third = await acme.order('web-1', { requestKey: 'form-1' })
    assert.equal(third.operation.id, first.operation.id)
    assert.equal(fake.count(), 1)
    assert.equal((await usage(acme.organization.id)).instances, 1)
  })

  test('asked ten times at once with one key, done once', async ({ assert }) => {
    const { acme } = await world()
    const orders = await Promise.all(
      Array.from({ length: 10 }, () => acme.order('web-1', { requestKey: 'form-1' }))
    )
    assert.lengthOf(new Set(orders.map(({ operation }) => operation.id)), 1)
    assert.equal((await usage(acme.organization.id)).instances, 1)
    assert.lengthOf(await db.from('instances').select('id'), 1)
    assert.lengthOf(await db.from('one_time_secrets').select('id'), 1)
  })

  test('a key belongs to its organization', async ({ assert }) => {
    const { acme, globex } = await world()
    const ours = await acme.order('web-1', { requestKey: 'form-1' })
    const theirs = await globex.order('web-1', { requestKey: 'form-1' })
    assert.notEqual(ours.operation.id, theirs.operation.id)
  })

  test('of twenty who ask at once for one instance, one is told yes', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        acme.inside(() =>
          index % 2 ? instance.power('stop', acme.owner) : instance.destroy(acme.owner)
        )
      )
    )
    const refused = answers.filter((answer) => answer.status === 'rejected')
    assert.lengthOf(refused, 19)
    for (const { reason } of refused) assert.equal(reason.code, 'E_INSTANCE_BUSY', reason.message)
    assert.lengthOf(await db.from('operations').whereNotNull('open_on'), 1)
  })

  test('on a deleted instance nothing is opened, whatever was read before', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const stale = await acme.instance('web-2').then(() => instance)
    await finish(await acme.inside(() => instance.destroy(acme.owner)))
    assert.isNull(stale.deletedAt)
    await assert.rejects(() => acme.inside(() => stale.power('start', acme.owner)), 'E_NOT_FOUND')
    await assert.rejects(() => acme.inside(() => stale.destroy(acme.owner)), 'E_NOT_FOUND')
  })

  test('of fifty orders for the last three places three are accepted', async ({ assert }) => {
    const { acme } = await world()
    await Tenant.system('a test', () =>
      Quota.query()
        .where('organization_id', acme.organization.id)
        .where('resource', 'instances')
        .update({ maximum: 3 })
    )
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => acme.order(`web-${index}`))
    )
    const refused = answers.filter((answer) => answer.status === 'rejected')
    assert.lengthOf(refused, 47)
    for (const { reason } of refused) assert.equal(reason.code, 'E_QUOTA_EXCEEDED', reason.message)
    assert.equal((await usage(acme.organization.id)).instances, 3)
    assert.lengthOf(await db.from('instances').select('id'), 3)
    assert.lengthOf(await db.from('quota_holdings').where('resource', 'instances'), 3)
  })

  test('in a cluster that was closed or removed meanwhile nothing is opened, and nothing held', async ({
    assert,
  }) => {
    const { acme, cluster } = await world()
    const before = await usage(acme.organization.id)
    const assertRefused = async () => {
      await assert.rejects(() => acme.order('web-1'), 'E_CLUSTER_NOT_OFFERED')
      assert.lengthOf(await db.from('instances').select('id'), 0)
      assert.lengthOf(await db.from('operations').select('id'), 0)
      assert.deepEqual(await usage(acme.organization.id), before)
    }
    await cluster.close()
    await assertRefused()
    await cluster.open()
    await cluster.remove()
    await assertRefused()
  })

  test('a create that failed is not tried again in a cluster that was closed since', async ({
    assert,
  }) => {
    const { acme, cluster, fake } = await world()
    fake.refuseNext('set_root_password', { kind: 'invalid' })
    const { operation } = await acme.order('web-1')
    await finish(operation)
    assert.equal(operation.state, 'failed')
    const before = await usage(acme.organization.id)
    await cluster.close()
    const again = () => acme.inside(() => operation.retry(acme.owner))
    await assert.rejects(again, 'E_CLUSTER_NOT_OFFERED')
    assert.deepEqual(await usage(acme.organization.id), before)
    await cluster.open()
    await finish(await again())
    assert.equal(fake.count(), 1)
  })

  test('of orders and a removal at once, either the orders or the removal come first', async ({
    assert,
  }) => {
    const { acme, cluster } = await world()
    const [early, late] = [
      ['web-1', 'web-2', 'web-3'],
      ['web-4', 'web-5', 'web-6'],
    ]
    const answers = await Promise.allSettled([
      ...early.map((name) => acme.order(name)),
      cluster.remove(),
      ...late.map((name) => acme.order(name)),
    ])
    await cluster.refresh()
    const living = await db.from('instances').whereNull('deleted_at').select('id')
    if (cluster.removedAt) assert.isEmpty(living)
    else assert.isNotEmpty(living)
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue
      assert.include(['E_CLUSTER_NOT_OFFERED', 'E_CLUSTER_IN_USE'], answer.reason.code)
    }
  })

  test('a transaction that is rolled back opens nothing and holds nothing', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const before = await usage(acme.organization.id)
    const order = { type: 'instance.power', instance, requestedBy: acme.owner } as const
    await assert.rejects(() =>
      acme.inside(() =>
        transaction(async (trx) => {
          await Operation.open(order, trx)
          await Quota.take(acme.organization.id, 'snapshot-1', { snapshots: 1 }, trx)
          throw new Error('no')
        })
      )
    )
    assert.lengthOf(await db.from('operations').whereNotNull('open_on'), 0)
    assert.deepEqual(await usage(acme.organization.id), before)
  })
})

test.group('Cancelling an operation', (group) => {
  group.each.teardown(emptyDatabase)

  test('a queued one ends as soon as it is looked at, and nothing is held', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    await acme.inside(() => operation.cancel(acme.owner))
    await finish(operation)
    assert.equal(operation.state, 'cancelled')
    assert.isEmpty(operation.steps)
    assert.isNull(operation.openOn)
    assert.equal(operation.cancelRequestedById, acme.owner.id)
    assert.equal(fake.count(), 0)
    assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
    await acme.inside(() => instance.refresh())
    assert.isNotNull(instance.failedAt)
  })

  test('… also while its cluster is full or away', async ({ assert }) => {
    const { acme, cluster, fake } = await world()
    cluster.maxParallelOperations = 0
    await cluster.save()
    fake.goOffline()
    const { operation } = await acme.order('web-1')
    await acme.inside(() => operation.cancel(acme.owner))
    await finish(operation)
    assert.equal(operation.state, 'cancelled')
  })

  test('a running one ends between two steps and takes back what it did', async ({
    assert,
    cleanup,
  }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    const seen = watchSteps(cleanup, 'instance.create', async (point) => {
      if (point === 'run create before') {
        await acme.inside(async () => {
          const seenByAPerson = await Operation.findOrFail(operation.id)
          await seenByAPerson.cancel(acme.owner)
        })
      }
    })
    await finish(operation)
    assert.equal(operation.state, 'cancelled')
    assert.isNull(operation.errorKind)
    assert.deepEqual(seen.slice(3), [
      'run create',
      'undo create',
      'undo reserve_port',
      'undo reserve_address',
      'undo choose_node',
    ])
    assert.equal(fake.count(), 0)
    assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
  })

  test('one that waits to try again does not wait any longer', async ({ assert }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.refuseNext('create', { kind: 'unreachable' })
    await runOnce(operation)
    await acme.inside(() => operation.cancel(acme.owner))
    assert.deepEqual(await runOnce(operation), { done: true })
    await reread(operation)
    assert.equal(operation.state, 'cancelled')
    assert.isNull(operation.errorKind)
  })

  test('one that fails while it is being cancelled tells its failure', async ({
    assert,
    cleanup,
  }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.failNext('start', { reason: 'the kernel said no' })
    watchSteps(cleanup, 'instance.create', async (point) => {
      if (point === 'run start before') {
        await db.from('operations').where('id', operation.id).update({
          cancel_requested_at: '2026-01-01 00:00:00',
        })
      }
    })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.error, 'the kernel said no')
  })

  test('an undo that has to be tried again leaves it cancelled', async ({ assert, cleanup }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.refuseNext('destroy', { kind: 'busy', times: 2 })
    watchSteps(cleanup, 'instance.create', async (point) => {
      if (point === 'run create after') await acme.inside(() => cancel(operation, acme.owner))
    })
    await finish(operation)
    assert.equal(operation.state, 'cancelled')
    assert.isNull(operation.errorKind)
  })

  test('after the last step it is too late', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { operation } = await acme.order('web-1')
    watchSteps(cleanup, 'instance.create', async (point) => {
      if (point === 'run verify before') await acme.inside(() => cancel(operation, acme.owner))
    })
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
  })

  test('a delete is not cancelled, and does not look as if it were', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const deletion = await acme.inside(() => instance.destroy(acme.owner))
    await assert.rejects(() => acme.inside(() => deletion.cancel(acme.owner)), 'E_NOT_POSSIBLE_NOW')
    assert.isNull((await reread(deletion)).cancelRequestedAt)
  })

  test('what is over or was cancelled before is refused', async ({ assert }) => {
    const { acme } = await world()
    const { operation } = await acme.order('web-1')
    await acme.inside(() => operation.cancel(acme.owner))
    const again = () => acme.inside(() => operation.cancel(acme.owner))
    await assert.rejects(again, 'E_NOT_POSSIBLE_NOW')
    await finish(operation)
    await assert.rejects(again, 'E_NOT_POSSIBLE_NOW')
  })
})

test.group('Trying a create again', (group) => {
  group.each.teardown(emptyDatabase)

  test('holds everything anew and makes the same instance', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.failNext('create')
    await finish(operation)
    await acme.inside(() => instance.refresh())

    const again = await acme.inside(() => instance.orderAgain(operation, acme.owner))
    assert.equal(again.retryOfId, operation.id)
    assert.equal((await usage(acme.organization.id)).instances, 1)
    await finish(again)
    assert.equal(again.state, 'succeeded', again.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.isNull(instance.failedAt)
    assert.isTrue(instance.isProvisioned)
    assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })
  })

  test('of two at once one is refused', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.failNext('create')
    await finish(operation)
    await acme.inside(() => instance.refresh())
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => acme.inside(() => instance.orderAgain(operation, acme.owner)))
    )
    assert.lengthOf(
      answers.filter(({ status }) => status === 'fulfilled'),
      1
    )
    assert.equal((await usage(acme.organization.id)).instances, 1)
  })

  test('is refused when it succeeded, was deleted, or its password is gone', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    const again = () => acme.inside(() => instance.orderAgain(operation, acme.owner))
    await assert.rejects(again, 'E_NOT_POSSIBLE_NOW')
    fake.failNext('create')
    await finish(operation)
    await acme.inside(() => instance.refresh())
    await db.from('one_time_secrets').update({ value_encrypted: null })
    await assert.rejects(again, 'E_NOT_POSSIBLE_NOW')
    await finish(await acme.inside(() => instance.destroy(acme.owner)))
    await assert.rejects(again, 'E_NOT_POSSIBLE_NOW')
    assert.equal((await usage(acme.organization.id)).instances, 0)
  })

  test('waits its turn like every other', async ({ assert, cleanup }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.failNext('create')
    await finish(operation)
    await acme.inside(() => instance.refresh())
    const [reached, left] = [gate(), gate()]
    watchSteps(cleanup, 'instance.delete', async () => {
      reached.open()
      await left.opened
    })
    const deletion = await acme.inside(() => instance.destroy(acme.owner))
    const running = runOnce(deletion)
    await reached.opened
    await assert.rejects(
      () => acme.inside(() => instance.orderAgain(operation, acme.owner)),
      'E_INSTANCE_BUSY'
    )
    left.open()
    await running
    assert.equal((await usage(acme.organization.id)).instances, 0)
  })
})

async function cancel(operation: Operation, by: Parameters<Operation['cancel']>[0]) {
  const seenByAPerson = await Operation.findOrFail(operation.id)
  await seenByAPerson.cancel(by)
}
