import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { makeDemoWorld } from '#database/demo/world'
import AddressPool from '#models/address_pool'
import LicenseLedger from '#models/license_ledger'
import { standingsOf } from '#models/license_standing'
import User from '#models/user'
import { nameWithHostility } from '#tests/support/hostile'
import { emptyDatabase } from '#tests/support/test_database'
import { person } from '#tests/support/world'

test.group('The demo world', (group) => {
  let folder: string
  group.each.setup(() => emptyDatabase())
  group.each.setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-demo-'))
    return () => rm(folder, { recursive: true, force: true })
  })
  group.teardown(() => emptyDatabase())

  test('has people of every role, a cluster with history, and a pool that is nearly full', async ({
    assert,
    client,
  }) => {
    const { accounts, cluster } = await makeDemoWorld({ lxd: null, folder, known: [] })
    await nameWithHostility()

    assert.deepEqual(cluster, { name: 'sandbox', driver: 'fake' })
    assert.lengthOf(accounts, 11)
    assert.lengthOf(new Set(accounts.map(({ password }) => password)), 11)
    for (const { email, password } of accounts) {
      assert.isNotNull(await User.withCredentials(email, password), email)
    }
    const operations = await db.from('operations').distinct('state')
    assert.sameMembers(
      operations.map(({ state }) => state),
      ['succeeded', 'failed', 'cancelled', 'needs_attention']
    )
    const pool = await AddressPool.findByOrFail('name', 'edge')
    const usage = await AddressPool.usageOf([pool])
    assert.deepEqual(usage.get(pool.id), { total: 7n, leased: 6 })

    const licenses = await db.from('licenses').select('id', 'expires_at')
    const standings = [...(await standingsOf(licenses as never)).values()]
    assert.sameMembers(
      [...new Set(standings.map(({ state }) => state))],
      ['TOUPLOAD', 'INFOERROR', 'TODOWNLOAD', 'EXPIRED', 'SUSPENDED', 'REVOKED']
    )
    assert.isNull((await LicenseLedger.verify()).fault)

    const admin = await User.findByOrFail('email', 'admin@portico.example')
    for (const path of [
      '/admin',
      '/admin/clusters',
      '/admin/address-pools',
      '/admin/users',
      '/admin/licenses',
    ]) {
      const page = await client.get(path).loginAs(admin)
      page.assertStatus(200)
      assert.notInclude(page.text(), '<script>alert', path)
    }
  }).timeout(60_000)

  test('made again, it changes nothing and keeps the passwords that were told', async ({
    assert,
  }) => {
    const first = await makeDemoWorld({ lxd: null, folder, known: [] })
    const count = async () => {
      const tables = [
        'users',
        'organizations',
        'clusters',
        'plans',
        'address_pools',
        'instances',
        'licenses',
      ]
      const rows = await Promise.all(tables.map((table) => db.from(table).count('* as n').first()))
      return rows.map((row) => Number(row.n))
    }
    const before = await count()
    const file = join(folder, 'sandbox.sqlite')
    const { ino } = await stat(file)

    const again = await makeDemoWorld({ lxd: null, folder, known: first.accounts })

    assert.deepEqual(again.accounts, first.accounts)
    assert.deepEqual(await count(), before)
    assert.equal((await stat(file)).ino, ino)
    assert.isNotEmpty(await readFile(file))
  }).timeout(60_000)

  test('forgotten passwords are made anew', async ({ assert }) => {
    await makeDemoWorld({ lxd: null, folder, known: [] })
    const { accounts } = await makeDemoWorld({ lxd: null, folder, known: [] })
    const [admin] = accounts
    assert.isNotNull(await User.withCredentials(admin!.email, admin!.password))
  }).timeout(60_000)

  test("it keeps away from somebody's real data", async ({ assert }) => {
    await person()
    await assert.rejects(
      () => makeDemoWorld({ lxd: null, folder, known: [] }),
      /people in it who are not of the demo world/
    )
  })
})
