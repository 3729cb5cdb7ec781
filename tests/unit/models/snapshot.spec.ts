import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { DomainError } from '#exceptions/domain_error'
import { runSnapshotRound } from '#models/copy_round'
import CopySchedule, { nextTurn } from '#models/copy_schedule'
import type Instance from '#models/instance'
import Operation from '#models/operation'
import Snapshot from '#models/snapshot'
import { sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { remoteSnapshots, snapshotOf } from '#tests/support/copies'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type World } from '#tests/support/world'

async function scene() {
  const given = await world()
  return { ...given, web: await given.acme.instance('web-1') }
}

type Scene = Awaited<ReturnType<typeof scene>>

const round = () => Tenant.system('test', () => runSnapshotRound())

async function finishAll({ acme }: World) {
  const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
  for (const operation of open) await finish(operation)
}

let turns = 0

/** The schedule's turn comes, a later one each time. */
async function comeToTurn() {
  turns += 1
  const at = DateTime.fromISO('2026-01-01T00:00:00Z').plus({ hours: turns })
  await db.from('copy_schedules').update({ next_at: sqlTime(at) })
}

/** A turn comes, and what it asks for is done; then what has expired goes. As if in another second than the last. */
async function letPass(given: Scene) {
  await comeToTurn()
  await round()
  await finishAll(given)
  await db
    .from('snapshots')
    .whereNotNull('rhythm')
    .update({ name: db.raw("concat('turn ', id)") })
  await round()
  await finishAll(given)
}

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  try {
    await work
  } catch (error) {
    return error as DomainError
  }
  throw new Error('it was not refused')
}

const namesOf = async (web: Instance) =>
  (await Snapshot.ofInstance(web)).map(({ name }) => name).toReversed()

test.group('Snapshots', (group) => {
  // Real commits: the races below need several connections.
  group.each.setup(() => emptyDatabase())

  test('fifty requests at once for the last place: one wins, the others hear why', async ({
    assert,
  }) => {
    const { acme, web } = await scene()
    await snapshotOf(acme, web, 'one')
    await snapshotOf(acme, web, 'two')
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        acme.inside(() => web.snapshot({ name: `last ${index}`, by: acme.owner }))
      )
    )
    const refused = results.filter((result) => result.status === 'rejected')
    assert.lengthOf(refused, 49)
    const codes = new Set(refused.map(({ reason }) => (reason as DomainError).code))
    assert.isTrue(
      [...codes].every((code) => ['E_TOO_MANY_SNAPSHOTS', 'E_INSTANCE_BUSY'].includes(code))
    )
    assert.equal((await usage(acme.organization.id)).snapshots, 3)
    assert.lengthOf(await db.from('snapshots'), 3)
  })

  test('each refusal says why and takes nothing', async ({ assert }) => {
    const { acme, web } = await scene()
    const ask = (name?: string) => acme.inside(() => web.snapshot({ name, by: acme.owner }))
    await snapshotOf(acme, web, 'one')
    assert.include(await refusal(ask('one')), { code: 'E_SNAPSHOT_NAME_TAKEN' })
    await snapshotOf(acme, web, 'two')
    await db.from('quotas').where('resource', 'snapshots').update({ maximum: 2 })
    assert.include(await refusal(ask('three')), { code: 'E_QUOTA_EXCEEDED' })
    await db.from('quotas').where('resource', 'snapshots').update({ maximum: null })
    const { operation } = await ask('three')
    assert.include(await refusal(ask('four')), { code: 'E_INSTANCE_BUSY' })
    await finish(operation)
    const { code, data } = await refusal(ask('four'))
    assert.equal(code, 'E_TOO_MANY_SNAPSHOTS')
    assert.deepEqual(data, { maximum: 3, used: 3 })
    assert.equal((await usage(acme.organization.id)).snapshots, 3)
  })

  test('a request that is repeated takes one', async ({ assert }) => {
    const { acme, web } = await scene()
    const ask = () => acme.inside(() => web.snapshot({ by: acme.owner, requestKey: 'again-0001' }))
    const [first, second] = [await ask(), await ask()]
    assert.equal(first.snapshot.id, second.snapshot.id)
    assert.equal((await usage(acme.organization.id)).snapshots, 1)
  })

  test('a suspended instance is neither kept nor restored', async ({ assert }) => {
    const { acme, web } = await scene()
    const snapshot = await snapshotOf(acme, web, 'one')
    const suspended = await acme.inside(() => web.suspend('billing', { by: null }))
    await finish(suspended.operation!)
    const code = async (work: () => Promise<unknown>) => (await refusal(acme.inside(work))).code
    assert.equal(await code(() => web.snapshot({ by: acme.owner })), 'E_INSTANCE_SUSPENDED')
    assert.equal(await code(() => snapshot.restore({ by: acme.owner })), 'E_INSTANCE_SUSPENDED')
    await finish(await acme.inside(() => snapshot.remove({ by: acme.owner })))
    assert.lengthOf(await db.from('snapshots'), 0)
  })

  test('they go with their instance, and give back their quota', async ({ assert }) => {
    const { acme, web } = await scene()
    await snapshotOf(acme, web, 'one')
    await finish(await acme.inside(() => web.destroy(acme.owner)))
    assert.lengthOf(await db.from('snapshots'), 0)
    assert.equal((await usage(acme.organization.id)).snapshots, 0)
  })

  test('one that has expired is removed by itself', async ({ assert }) => {
    const { acme, cluster, web } = await scene()
    const kept = await snapshotOf(acme, web, 'kept')
    const { operation } = await acme.inside(() =>
      web.snapshot({ name: 'brief', by: acme.owner, expiresAt: DateTime.utc().minus({ hours: 1 }) })
    )
    await finish(operation)
    assert.deepInclude(await round(), { removed: 1 })
    await finishAll({ acme } as World)
    assert.deepEqual(await remoteSnapshots(cluster, web), [kept.uid])
  })
})

test.group('Schedules of snapshots', (group) => {
  group.each.setup(() => emptyDatabase())

  const set = ({ acme, web }: Scene, keep: number) =>
    acme.inside(async () => {
      const wish = { rhythm: 'daily' as const, keep, hour: 3, weekday: 1 }
      return CopySchedule.set(web, 'snapshot', wish, acme.owner)
    })

  test('the newest are kept, also where every place is taken', async ({ assert }) => {
    const given = await scene()
    const { acme, cluster, web } = given
    await snapshotOf(acme, web, 'by hand')
    await set(given, 2)
    for (let turn = 1; turn <= 4; turn++) await letPass(given)
    const kept = await acme.inside(() => namesOf(web))
    assert.lengthOf(kept, 3)
    assert.equal(kept[0], 'by hand')
    assert.lengthOf(await remoteSnapshots(cluster, web), 3)
    assert.equal((await usage(acme.organization.id)).snapshots, 3)
    const slots = await db.from('snapshots').orderBy('slot').select('slot')
    assert.deepEqual(
      slots.map(({ slot }) => slot),
      [1, 2, 3]
    )
  })

  test('one that fails leaves the older one where it was', async ({ assert }) => {
    const given = await scene()
    const { acme, fake, web } = given
    await set(given, 1)
    await letPass(given)
    const [before] = await acme.inside(() => Snapshot.ofInstance(web))
    fake.failNext('snapshot', { kind: 'invalid' })
    await letPass(given)
    const after = await acme.inside(() => Snapshot.ofInstance(web))
    assert.deepEqual(
      after.map(({ uid, slot, expiresAt }) => ({ uid, slot, expiresAt })),
      [{ uid: before!.uid, slot: 1, expiresAt: null }]
    )
    assert.equal((await usage(acme.organization.id)).snapshots, 1)
  })

  test('a turn that is refused tells why and does not come again', async ({ assert }) => {
    const given = await scene()
    const { acme, web } = given
    const schedule = await set(given, 2)
    for (const name of ['one', 'two', 'three']) await snapshotOf(acme, web, name)
    await comeToTurn()
    assert.deepInclude(await round(), { ordered: 0, refused: 1 })
    assert.deepInclude(await round(), { ordered: 0, refused: 0 })
    await acme.inside(() => schedule.refresh())
    assert.equal(schedule.refusal, 'E_TOO_MANY_SNAPSHOTS')
    assert.isAbove(schedule.nextAt.toMillis(), Date.now())
  })

  test('a turn that meets a busy instance waits for it', async ({ assert }) => {
    const given = await scene()
    const { acme, web } = given
    await set(given, 1)
    await comeToTurn()
    const stop = await acme.inside(() => web.power('stop', acme.owner))
    assert.deepInclude(await round(), { ordered: 0, refused: 0 })
    await finish(stop)
    assert.deepInclude(await round(), { ordered: 1 })
  })

  test('fewer that are kept lets the oldest go; its end leaves what it made', async ({
    assert,
  }) => {
    const given = await scene()
    const { acme, web } = given
    await set(given, 3)
    for (let turn = 1; turn <= 3; turn++) await letPass(given)
    const schedule = await set(given, 1)
    await round()
    await finishAll(given)
    const left = await acme.inside(() => Snapshot.ofInstance(web))
    assert.lengthOf(left, 1)
    await acme.inside(() => schedule.end(web))
    const [kept] = await acme.inside(() => Snapshot.ofInstance(web))
    assert.isNull(kept!.rhythm)
    assert.lengthOf(await db.from('copy_schedules'), 0)
  })

  test('the next turn is at a minute of its own, where the cluster is', ({ assert }) => {
    const at = (rhythm: 'hourly' | 'daily' | 'weekly', after: string) => {
      const instance = { id: 1, cluster: { timeZone: 'Asia/Shanghai' } } as unknown as Instance
      const wish = { rhythm, hour: 3, weekday: 7 }
      return nextTurn(wish, instance, DateTime.fromISO(after, { zone: 'utc' })).toISO()
    }
    assert.equal(at('hourly', '2026-11-21T16:00:00Z'), '2026-11-21T16:37:00.000Z')
    assert.equal(at('hourly', '2026-11-21T16:37:00Z'), '2026-11-21T17:37:00.000Z')
    assert.equal(at('daily', '2026-11-21T16:00:00Z'), '2026-11-21T19:37:00.000Z')
    assert.equal(at('weekly', '2026-11-21T16:00:00Z'), '2026-11-21T19:37:00.000Z')
    assert.equal(at('weekly', '2026-11-21T20:00:00Z'), '2026-11-28T19:37:00.000Z')
  })
})
