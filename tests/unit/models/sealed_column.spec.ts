import { test } from '@japa/runner'
import { randomBytes } from 'node:crypto'
import ace from '@adonisjs/core/services/ace'
import db from '@adonisjs/lucid/services/db'
import { credentialKeyRing } from '#config/encryption'
import AuditEvent from '#models/audit_event'
import type Cluster from '#models/cluster'
import { SEALED_COLUMNS, SealedColumn } from '#models/sealed_column'
import { Tenant } from '#models/concerns/tenant'
import { keyIdOf, seal, unseal } from '#services/vault'
import { emptyDatabase } from '#tests/support/test_database'
import { fakeCluster, person } from '#tests/support/world'
import EncryptionRotate from '../../../commands/encryption_rotate.js'

test.group('SealedColumn', (group) => {
  group.each.setup(() => emptyDatabase())
  group.each.teardown(() => {
    credentialKeyRing.splice(1)
    credentialKeyRing[0] = original
  })
  const original = credentialKeyRing[0]!

  test('every column that is called encrypted is known', async ({ assert }) => {
    const tables = await db.connection().getAllTables()
    const found: string[] = []
    for (const table of tables) {
      const columns = Object.keys(await db.connection().columnsInfo(table))
      found.push(
        ...columns.filter((name) => name.endsWith('_encrypted')).map((name) => `${table}.${name}`)
      )
    }
    const reports = await SealedColumn.rotate({ isDry: true })
    assert.sameMembers(
      reports.map(({ table, column }) => `${table}.${column}`),
      found
    )
    assert.lengthOf(SEALED_COLUMNS, found.length)
  })

  test('values come under the new key and still open', async ({ assert }) => {
    const { cluster } = await secrets()
    newKeyFirst()

    const reports = await SealedColumn.rotate()

    assert.deepEqual(
      reports.map(({ table, resealed, sealedWith }) => ({ table, resealed, sealedWith })),
      [
        { table: 'clusters', resealed: 1, sealedWith: { t1: 1 } },
        { table: 'users', resealed: 450, sealedWith: { t1: 450 } },
        { table: 'signing_keys', resealed: 0, sealedWith: {} },
        { table: 'one_time_secrets', resealed: 0, sealedWith: {} },
        { table: 'idempotency_keys', resealed: 0, sealedWith: {} },
        { table: 'webhooks', resealed: 0, sealedWith: {} },
        { table: 'cluster_forwarders', resealed: 0, sealedWith: {} },
      ]
    )
    await cluster.refresh()
    assert.equal(keyIdOf(cluster.credentialsEncrypted!), 'fresh')
    assert.deepEqual(cluster.credentials(), { privateKey: 'the key' })
    for (const { uid, totp_secret_encrypted: sealed } of await db.from('users')) {
      assert.equal(unseal(sealed, `totp:${uid}`), `secret of ${uid}`)
    }
    // The old key may go now.
    credentialKeyRing.splice(1)
    await cluster.refresh()
    assert.deepEqual(cluster.credentials(), { privateKey: 'the key' })
  })

  test('a second run finds nothing to do', async ({ assert }) => {
    await secrets()
    newKeyFirst()
    await SealedColumn.rotate()
    const again = await SealedColumn.rotate()
    assert.isTrue(again.every(({ resealed }) => resealed === 0))
  })

  test('it is recorded with how many and under which key', async ({ assert }) => {
    await secrets()
    newKeyFirst()
    await SealedColumn.rotate()
    const event = await Tenant.system('test', () =>
      AuditEvent.findByOrFail('action', 'encryption.rotated')
    )
    assert.deepInclude(JSON.parse(event.after!), {
      key: 'fresh',
      users: 450,
    })
    assert.equal(event.actorKind, 'system')
  })

  test('a dry run counts and changes nothing', async ({ assert }) => {
    const { cluster } = await secrets()
    const before = cluster.credentialsEncrypted
    newKeyFirst()

    const reports = await SealedColumn.rotate({ isDry: true })

    assert.equal(reports[1]!.resealed, 450)
    await cluster.refresh()
    assert.equal(cluster.credentialsEncrypted, before)
    assert.isEmpty(await db.from('audit_events'))
  })

  test('what no key opens is named and left, the rest goes on', async ({ assert }) => {
    const { cluster } = await secrets()
    await db
      .from('clusters')
      .update({ credentials_encrypted: cluster.credentialsEncrypted!.replace('.t1.', '.lost.') })
    newKeyFirst()

    const [clusters, users] = await SealedColumn.rotate()

    assert.lengthOf(clusters!.unreadable, 1)
    assert.include(clusters!.unreadable[0]!.reason, 'no key "lost"')
    assert.equal(users!.resealed, 450)
  })

  test('the command names the key that is no longer needed', async ({ assert }) => {
    await secrets()
    newKeyFirst()
    ace.ui.switchMode('raw')
    const command = await ace.create(EncryptionRotate, ['--json'])
    await command.exec()
    command.assertSucceeded()
    const lines = command.ui.logger.getLogs().map(({ message }) => message)
    ace.ui.switchMode('normal')
    assert.deepInclude(JSON.parse(lines.at(-1)!), { key: 'fresh', idle: ['t1'] })
  })
})

function newKeyFirst() {
  credentialKeyRing.unshift({ id: 'fresh', key: randomBytes(32) })
}

async function secrets(): Promise<{ cluster: Cluster }> {
  const { cluster } = await fakeCluster()
  cluster.setCredentials({ privateKey: 'the key' })
  await cluster.save()
  const one = await person()
  const rows = Array.from({ length: 449 }, (_, index) => `u${index}aaaaaaaaaaa`)
  await db.table('users').multiInsert(
    rows.map((uid) => ({
      uid,
      email: `${uid}@example.com`,
      password: 'x',
      totp_secret_encrypted: seal(`secret of ${uid}`, `totp:${uid}`),
      created_at: '2026-01-01 00:00:00',
      updated_at: '2026-01-01 00:00:00',
    }))
  )
  await db
    .from('users')
    .where('id', one.id)
    .update({ totp_secret_encrypted: seal(`secret of ${one.uid}`, `totp:${one.uid}`) })
  return { cluster }
}
