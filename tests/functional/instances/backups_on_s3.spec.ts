import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import drive from '@adonisjs/drive/services/main'
import type Instance from '#models/instance'
import { runBackupRound } from '#models/copy_round'
import { Tenant } from '#models/concerns/tenant'
import S3Archives from '#services/archive_drivers/s3'
import { backupOf } from '#tests/support/copies'
import { behindDrive, NO_OBJECT_STORE } from '#tests/support/object_store'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, powerOf, world, type TestTenant } from '#tests/support/world'

/** Backups from order to removal, with their archives in a real store that speaks S3; see s3_archives.spec.ts. */
test.group('Backups in a store that speaks S3', (group) => {
  if (NO_OBJECT_STORE) {
    test('are made, downloaded, restored and removed').skip(true, NO_OBJECT_STORE)
    return
  }

  const store = behindDrive(group)
  const disk = drive.use('local')
  group.each.teardown(() => emptyDatabase())

  const round = () => Tenant.system('test', () => runBackupRound())
  const order = async (acme: TestTenant, web: Instance) => {
    const made = await acme.inside(() => web.backup({ name: 'never', by: acme.owner }))
    await finish(made.operation)
    return made.operation
  }
  /** Nothing of it is with us, with the store, or held of the quota; and the instance takes the next. */
  const isAsBefore = async ({ organization }: TestTenant) => ({
    rows: (await db.from('backups')).length,
    objects: await store().objects(),
    unfinished: await store().unfinished(),
    used: (await usage(organization.id)).backups,
  })
  const NOTHING = { rows: 0, objects: {}, unfinished: [], used: 0 }

  test('one is made, downloaded, restored into a new instance, and removed when its time has come', async ({
    client,
    assert,
  }) => {
    const { acme, cluster, plan } = await world()
    const web = await acme.instance('web-1')
    const backup = await backupOf(acme, web, 'before')
    assert.deepEqual(await store().objects(), { [backup.archiveKey]: backup.sizeBytes })

    const path = `${acme.path}/instances/${web.uid}/backups/${backup.uid}/download`
    const whole = await client.get(path).loginAs(acme.operator)
    whole.assertStatus(200)
    const digest = createHash('sha256').update(whole.body()).digest('hex')
    assert.equal(digest, backup.digest)

    await acme.inside(() => backup.load('instance'))
    const wish = { name: 'web-2', plan, by: acme.owner }
    const { instance, operation } = await acme.inside(() => backup.restore(wish))
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.equal(await powerOf(instance, cluster), 'running')

    await db.from('backups').update({ expires_at: '2026-01-01 00:00:00' })
    await round()
    assert.deepEqual(await isAsBefore(acme), NOTHING)
  })

  test('a download goes on where it broke off', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const backup = await backupOf(acme, web, 'before')
    const path = `${acme.path}/instances/${web.uid}/backups/${backup.uid}/download`
    const size = backup.sizeBytes!
    const ask = (headers: Record<string, string>) => {
      const request = client.get(path).loginAs(acme.operator)
      for (const [name, value] of Object.entries(headers)) request.header(name, value)
      return request
    }
    const whole = await ask({})
    whole.assertHeader('accept-ranges', 'bytes')
    const bytes = whole.body() as Buffer
    const etag = whole.header('etag')!

    const rest = await ask({ 'range': 'bytes=10-', 'if-range': etag })
    rest.assertStatus(206)
    rest.assertHeader('content-range', `bytes 10-${size - 1}/${size}`)
    rest.assertHeader('content-length', String(size - 10))
    assert.isTrue(bytes.subarray(10).equals(rest.body()))
    const some = await ask({ range: 'bytes=3-5' })
    assert.isTrue(bytes.subarray(3, 6).equals(some.body()))
    const last = await ask({ range: 'bytes=-4' })
    assert.isTrue(bytes.subarray(-4).equals(last.body()))
    const other = await ask({ 'range': 'bytes=10-', 'if-range': '"another"' })
    other.assertStatus(200)
    const beyond = await ask({ range: `bytes=${size}-` })
    beyond.assertStatus(416)
    beyond.assertHeader('content-range', `bytes */${size}`)
  })

  test('while the store is away a backup is tried again by itself, and made when it is back', async ({
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await store().wire.close()
    const made = await acme.inside(() => web.backup({ name: 'before', by: acme.owner }))
    const { operation } = made
    await finish(operation, 1)
    assert.deepInclude(operation, { state: 'running', error: 'E_STORE_AWAY', failedStep: 'store' })
    await store().wire.reopen()
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.lengthOf(Object.keys(await store().objects()), 1)
    await round()
    await acme.inside(() => made.backup.refresh())
    await acme.inside(() => made.backup.load('instance'))
    await acme.inside(() => made.backup.remove({ by: acme.owner }))
    assert.deepEqual(await isAsBefore(acme), NOTHING)
  })

  test('one that the store refuses says why, and leaves nothing and nobody busy', async ({
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    disk.driver = new S3Archives(store().settings('another secret'))
    const operation = await order(acme, web)
    assert.deepInclude(operation, { state: 'failed', error: 'E_STORE_REFUSED' })
    disk.driver = new S3Archives(store().settings())
    await round()
    assert.deepEqual(await isAsBefore(acme), NOTHING)
    await backupOf(acme, web, 'again')
  })

  test('what was deleted while the store was away goes when it is back', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const backup = await backupOf(acme, web, 'before')
    await store().wire.close()
    const path = `${acme.path}/instances/${web.uid}/backups/${backup.uid}/download`
    const away = await client.get(path).loginAs(acme.operator)
    away.assertStatus(503)
    away.assertTextIncludes('does not answer at the moment')
    await acme.inside(() => backup.remove({ by: acme.owner }))
    assert.equal((await usage(acme.organization.id)).backups, 0)
    await round()
    await store().wire.reopen()
    assert.deepEqual(Object.keys(await store().objects()), [backup.archiveKey])
    await round()
    assert.deepEqual(await isAsBefore(acme), NOTHING)
  })
})
