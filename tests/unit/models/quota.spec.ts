import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import db from '@adonisjs/lucid/services/db'
import Organization from '#models/organization'
import Quota from '#models/quota'
import type { QuotaResource } from '#models/types'
import { startWorkers } from '#start/workers'
import { emptyDatabase } from '#tests/support/test_database'
import { person } from '#tests/support/world'

async function limitedTo(maximum: number, resource: QuotaResource = 'instances') {
  const owner = await person()
  const organization = await db.transaction((trx) =>
    Organization.found({ name: 'Limited', kind: 'team', owner }, trx)
  )
  const quota = () => db.from('quotas').where({ organization_id: organization.id, resource })
  await quota().update({ maximum })
  const take = (subject: string, amount = 1) =>
    db.transaction((trx) => Quota.take(organization.id, subject, { [resource]: amount }, trx))
  const used = async () => {
    const row = await quota().firstOrFail()
    return row.used
  }
  return { organization, take, used, quota }
}

/** Real transactions on real connections: nothing here is rolled back. */
test.group('Quotas', () => {
  test('of fifty at once one takes the last unit', async ({ assert }) => {
    const { organization, take, used } = await limitedTo(1)
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => take(`last-${organization.id}-${n}`))
    )
    const taken = results.filter(({ status }) => status === 'fulfilled')
    assert.lengthOf(taken, 1)
    for (const result of results) {
      if (result.status === 'rejected') assert.equal(result.reason.code, 'E_QUOTA_EXCEEDED')
    }
    assert.equal(await used(), 1)
  }).timeout(60_000)

  test('fifty takes of one subject count once', async ({ assert }) => {
    const { organization, take, used } = await limitedTo(10)
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => take(`same-${organization.id}`))
    )
    assert.isNotEmpty(results.filter(({ status }) => status === 'fulfilled'))
    assert.equal(await used(), 1)
  }).timeout(60_000)

  test('fifty that take and give back in turns leave nothing behind', async ({ assert }) => {
    const { organization, take, used } = await limitedTo(3)
    await Promise.allSettled(
      Array.from({ length: 50 }, async (_, n) => {
        const subject = `turn-${organization.id}-${n}`
        await take(subject)
        await db.transaction((trx) => Quota.giveBack(subject, trx))
        await db.transaction((trx) => Quota.giveBack(subject, trx))
      })
    )
    assert.equal(await used(), 0)
  }).timeout(60_000)

  test('what is taken together is taken whole or not at all', async ({ assert }) => {
    const { organization, used } = await limitedTo(1)
    await assert.rejects(
      () =>
        db.transaction((trx) =>
          Quota.take(
            organization.id,
            `whole-${organization.id}`,
            { instances: 1, cpus: 1_000 },
            trx
          )
        ),
      'E_QUOTA_EXCEEDED'
    )
    assert.equal(await used(), 0)
    const held = await db.from('quota_holdings').where('subject', `whole-${organization.id}`)
    assert.lengthOf(held, 0)
  })

  test('a maximum below what is used refuses more and takes nothing away', async ({ assert }) => {
    const { organization, take, used, quota } = await limitedTo(5)
    await take(`a-${organization.id}`, 4)
    await quota().update({ maximum: 2 })
    await assert.rejects(() => take(`b-${organization.id}`), 'E_QUOTA_EXCEEDED')
    assert.equal(await used(), 4)
  })

  test('without a maximum there is no end', async ({ assert }) => {
    const { organization, take, used, quota } = await limitedTo(0)
    await quota().update({ maximum: null })
    await take(`big-${organization.id}`, 1_000_000)
    assert.equal(await used(), 1_000_000)
  })

  test('recounting tells what is wrong, and puts it right when asked', async ({ assert }) => {
    const { organization, take, used, quota } = await limitedTo(10)
    await take(`counted-${organization.id}`, 3)
    await quota().update({ used: 7 })
    const wrong = await Quota.recount(false)
    assert.deepInclude(wrong, {
      organizationId: organization.id,
      resource: 'instances',
      used: 7,
      held: 3,
    })
    assert.equal(await used(), 7)
    const told = await ace.exec('quota:recount', [])
    assert.equal(told.exitCode, 1)
    const fixed = await ace.exec('quota:recount', ['--fix'])
    assert.notEqual(fixed.exitCode, 1)
    assert.equal(await used(), 3)
    assert.lengthOf(await Quota.recount(false), 0)
  })
})

test.group("The provider's own organization", () => {
  test('is made once, by however many ask for it first', async ({ assert }) => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => Organization.provider()))
    assert.lengthOf(new Set(asked.map(({ id }) => id)), 1)
    assert.equal(asked[0].kind, 'provider')
    const quotas = await db.from('quotas').where('organization_id', asked[0].id)
    assert.isTrue(quotas.every(({ maximum }) => maximum === null))
  }).timeout(60_000)

  test('is there when the first process has started, on an empty database', async ({
    assert,
    cleanup,
  }) => {
    await emptyDatabase()
    const workers = await startWorkers()
    cleanup(() => workers.stop())
    const rows = await db.from('organizations').select('kind')
    assert.deepEqual(rows, [{ kind: 'provider' }])
  })
})
