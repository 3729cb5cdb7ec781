import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import drive from '@adonisjs/drive/services/main'
import type { DomainError } from '#exceptions/domain_error'
import Backup from '#models/backup'
import { runBackupRound } from '#models/copy_round'
import CopySchedule from '#models/copy_schedule'
import Operation from '#models/operation'
import Plan from '#models/plan'
import { Tenant } from '#models/concerns/tenant'
import { backupOf } from '#tests/support/copies'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, powerOf, ROOT_PASSWORD, world } from '#tests/support/world'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V kept'

async function scene() {
  const given = await world()
  const web = await given.acme.instance('web-1')
  const driver = await given.cluster.openDriver()
  await driver.credentials!.authorizeKeys(web.ref, [KEY]).finally(() => driver.close())
  return { ...given, web }
}

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  try {
    await work
  } catch (error) {
    return error as DomainError
  }
  throw new Error('it was not refused')
}

test.group('Backups', (group) => {
  group.each.setup(() => emptyDatabase())

  test('one comes back as a new instance of its own, also when the first is gone', async ({
    assert,
  }) => {
    const { acme, fake, cluster, plan, web } = await scene()
    const backup = await backupOf(acme, web, 'before')
    await finish(await acme.inside(() => web.destroy(acme.owner)))
    await acme.inside(() => backup.load('instance'))
    const order = { name: 'web-2', plan, by: acme.owner }
    const { instance, operation } = await acme.inside(() => backup.restore(order))
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.equal(await powerOf(instance, cluster), 'running')
    assert.deepEqual(fake.authorizedKeys(instance.ref), [KEY])
    assert.isFalse(fake.isRootPassword(instance.ref, ROOT_PASSWORD))
    const password = await acme.inside(() => instance.revealRootPassword())
    assert.isTrue(fake.isRootPassword(instance.ref, password!))
    assert.notEqual(instance.uid, web.uid)
    assert.deepInclude(await usage(acme.organization.id), { instances: 1, backups: 1 })
  })

  test('a restore that fails leaves nothing but the backup', async ({ assert }) => {
    const { acme, fake, plan, web } = await scene()
    const backup = await backupOf(acme, web, 'before')
    for (const call of ['unpack', 'adopt', 'set_root_password'] as const) {
      fake.refuseNext(call, { kind: 'invalid' })
      const order = { name: `copy-${call.replaceAll('_', '-')}`, plan, by: acme.owner }
      const { operation } = await acme.inside(() => backup.restore(order))
      await finish(operation)
      assert.equal(operation.state, 'failed')
      assert.equal(fake.count(), 1, call)
    }
    assert.deepInclude(await usage(acme.organization.id), { instances: 1, backups: 1 })
  })

  test('a runner that dies between unpacking and adopting is followed by one that begins anew', async ({
    assert,
  }) => {
    const { acme, fake, plan, web } = await scene()
    const backup = await backupOf(acme, web, 'before')
    fake.refuseNext('adopt', { kind: 'unreachable' })
    const order = { name: 'web-2', plan, by: acme.owner }
    const { operation } = await acme.inside(() => backup.restore(order))
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(fake.count(), 2)
  })

  test('an archive that was changed in the store is not restored', async ({ assert }) => {
    const { acme, fake, plan, web } = await scene()
    const backup = await backupOf(acme, web, 'before')
    await drive.use('local').put(backup.archiveKey, 'x'.repeat(backup.sizeBytes!))
    const { operation } = await acme.inside(() =>
      backup.restore({ name: 'web-2', plan, by: acme.owner })
    )
    await finish(operation)
    assert.deepInclude(operation, {
      state: 'failed',
      errorKind: 'refused',
      error: 'E_BACKUP_BROKEN',
    })
    assert.equal(fake.count(), 1)
  })

  test('each refusal says why and takes nothing', async ({ assert }) => {
    const { acme, cluster, web } = await scene()
    const ask = (name: string) => acme.inside(() => web.backup({ name, by: acme.owner }))
    const backup = await backupOf(acme, web, 'one')
    assert.include(await refusal(ask('one')), { code: 'E_BACKUP_NAME_TAKEN' })
    await db.from('quotas').where('resource', 'backups').update({ maximum: 1 })
    assert.include(await refusal(ask('two')), { code: 'E_QUOTA_EXCEEDED' })
    await db.from('quotas').where('resource', 'backups').update({ maximum: null })
    for (const name of ['two', 'three']) await backupOf(acme, web, name)
    assert.include(await refusal(ask('four')), { code: 'E_TOO_MANY_BACKUPS' })

    const small = await Plan.create({
      name: 'small',
      kind: 'container',
      cpus: 1,
      memoryMib: 256,
      diskGib: 5,
      snapshotLimit: 0,
      portForwardLimit: 0,
      position: 2,
    })
    const restore = () =>
      acme.inside(() => backup.restore({ name: 'web-2', plan: small, by: acme.owner }))
    assert.include(await refusal(restore()), { code: 'E_PLAN_NOT_OFFERED' })
    await cluster.related('plans').attach([small.id])
    const { code, data } = await refusal(restore())
    assert.equal(code, 'E_DISK_CANNOT_SHRINK')
    assert.deepEqual(data, { least: 10 })
    assert.deepInclude(await usage(acme.organization.id), { instances: 1, backups: 3 })
  })

  test('one that is deleted goes with its archive; while the store is away, later', async ({
    assert,
  }) => {
    const { acme, web } = await scene()
    const backup = await backupOf(acme, web, 'one')
    await acme.inside(() => backup.remove({ by: acme.owner }))
    assert.isFalse(await drive.use('local').exists(backup.archiveKey))
    assert.isEmpty(await db.from('backups'))
    assert.equal((await usage(acme.organization.id)).backups, 0)

    const other = await backupOf(acme, web, 'one')
    await db.from('backups').update({ deleted_at: '2026-01-01 00:00:00', slot: null })
    await Tenant.system('test', () => runBackupRound())
    assert.isFalse(await drive.use('local').exists(other.archiveKey))
    assert.isEmpty(await db.from('backups'))
  })

  test('a schedule keeps the newest, and what has expired is removed', async ({ assert }) => {
    const { acme, web } = await scene()
    const wish = { rhythm: 'weekly' as const, keep: 1, hour: 3, weekday: 7 }
    await acme.inside(() => CopySchedule.set(web, 'backup', wish, acme.owner))
    const keys: string[] = []
    for (const day of ['01', '02']) {
      await db.from('copy_schedules').update({ next_at: `2026-01-${day} 00:00:00` })
      await Tenant.system('test', () => runBackupRound())
      for (const open of await acme.inside(() => Operation.query().whereNotNull('open_on'))) {
        await finish(open)
      }
      await db.from('backups').update({ name: db.raw("concat('turn ', id)") })
      const [newest] = await acme.inside(() => Backup.ofInstance(web))
      keys.push(newest!.archiveKey)
    }
    await Tenant.system('test', () => runBackupRound())
    const left = await acme.inside(() => Backup.ofInstance(web))
    assert.deepEqual(
      left.map(({ archiveKey }) => archiveKey),
      [keys[1]]
    )
    assert.isFalse(await drive.use('local').exists(keys[0]!))
    assert.equal((await usage(acme.organization.id)).backups, 1)
  })
})
