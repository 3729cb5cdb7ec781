import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { emptyDatabase, freshDatabase } from '#tests/support/test_database'
import { world } from '#tests/support/world'

test.group('The database of the tests', (group) => {
  group.each.teardown(() => emptyDatabase())

  test('is made anew while another suite migrates its own on the same server', async ({
    assert,
    cleanup,
  }) => {
    if (db.connection().dialect.name === 'mysql') {
      const other = await db.transaction()
      cleanup(() => other.rollback())
      await other.rawQuery("select get_lock('1', 5)")
    }
    await world()
    await freshDatabase()
    assert.isEmpty(await db.from('users'))
  }).timeout(60_000)

  test('is emptied whatever points at what, and keeps its foreign keys', async ({ assert }) => {
    const { acme } = await world()
    await acme.instance('web-1')
    await emptyDatabase()
    for (const table of ['users', 'organizations', 'instances', 'operations', 'audit_events']) {
      assert.isEmpty(await db.from(table), table)
    }
    const orphan = { organization_id: 1, user_id: 1, uid: 'm', role: 'owner' }
    const now = '2026-01-01 00:00:00'
    await assert.rejects(() =>
      db.table('memberships').insert({ ...orphan, created_at: now, updated_at: now })
    )
  })
})
