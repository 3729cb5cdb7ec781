import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import Backup from '#models/backup'
import type Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import PortForward from '#models/port_forward'
import Quota from '#models/quota'
import Transfer from '#models/transfer'
import { Tenant } from '#models/concerns/tenant'
import { auditActions } from '#tests/support/audit'
import { backupOf, snapshotOf } from '#tests/support/copies'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { noticeTypes } from '#tests/support/webhooks'
import { finish, portPool, world, type World } from '#tests/support/world'

type Scene = World & { instance: Instance }

const KEY = `ssh-ed25519 ${Buffer.from('a key').toString('base64')} ada`

test.group('Transfer of an instance', (group) => {
  group.each.teardown(emptyDatabase)

  test('all that belongs to it changes hands at once, and both sides still count right', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    const before = await usage(acme.organization.id)
    const transfer = await offer({ acme, globex, instance })
    await globex.inside(() => accept(transfer, globex))

    const tables = ['addresses', 'port_forwards', 'operations', 'instance_keys', 'suspensions']
    for (const table of [...tables, 'transfers']) {
      const rows = await db.from(table).where('instance_id', instance.id).select('organization_id')
      const owners = new Set(rows.map((row) => row.organization_id))
      assert.deepEqual([...owners], [globex.organization.id], table)
    }
    assert.deepEqual(await usage(globex.organization.id), before)
    const left = await usage(acme.organization.id)
    assert.isTrue(Object.values(left).every((used) => used === 0))
    assert.isEmpty(await Quota.recount(false))

    const found = await globex.inside(() =>
      globex.organization.related('instances').query().where('uid', instance.uid).firstOrFail()
    )
    const stop = await globex.inside(() => found.power('stop', globex.owner))
    await finish(stop)
    assert.equal(stop.state, 'succeeded')
    await finish(await globex.inside(() => found.destroy(globex.owner)))
    assert.isTrue(Object.values(await usage(globex.organization.id)).every((used) => used === 0))
    const told = await db
      .from('audit_events')
      .whereIn('action', ['instance.handed_over', 'instance.received'])
    assert.sameMembers(
      told.map((row) => `${row.action} ${row.organization_id}`),
      [
        `instance.handed_over ${acme.organization.id}`,
        `instance.received ${globex.organization.id}`,
      ]
    )
  })

  test('its copies come along, count with the receiver, and need room there', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    await snapshotOf(acme, instance, 'before')
    const first = await backupOf(acme, instance, 'first')
    await backupOf(acme, instance, 'second')
    const before = await usage(acme.organization.id)
    assert.include(before, { snapshots: 1, backups: 2 })
    const transfer = await offer({ acme, globex, instance })
    const ofGlobex = db.from('quotas').where('organization_id', globex.organization.id)
    await ofGlobex.clone().where('resource', 'backups').update({ maximum: 1 })
    await assert.rejects(() => globex.inside(() => accept(transfer, globex)), 'E_QUOTA_EXCEEDED')
    assert.deepEqual(await usage(acme.organization.id), before)
    await ofGlobex.clone().where('resource', 'backups').update({ maximum: 2 })
    await globex.inside(() => accept(transfer, globex))
    assert.deepEqual(await usage(globex.organization.id), before)
    assert.equal((await usage(acme.organization.id)).backups, 0)
    assert.isEmpty(await Quota.recount(false))

    await assert.rejects(
      () => acme.inside(() => Backup.of(acme.organization, first.uid)),
      'Row not found'
    )
    await globex.inside(async () => {
      const received = await Backup.of(globex.organization, first.uid)
      await received.remove({ by: globex.owner })
    })
    assert.equal((await usage(globex.organization.id)).backups, 1)
    assert.isEmpty(await Quota.recount(false))
  })

  test('the password, what billing calls it and its keys to requests stay behind', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    await db.from('instances').update({ billing_reference: 'svc-1', billing_fingerprint: 'x' })
    const transfer = await offer({ acme, globex, instance })
    await globex.inside(() => accept(transfer, globex))
    const row = await db.from('instances').firstOrFail()
    assert.isNull(row.billing_reference)
    assert.isEmpty(await db.from('one_time_secrets'))
    assert.isEmpty(await db.from('operations').whereNotNull('request_key'))
  })

  test('who has no room for it, or one of its name, gets nothing, and may take it under another', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    const transfer = await offer({ acme, globex, instance })
    const ofGlobex = db.from('quotas').where('organization_id', globex.organization.id)
    await ofGlobex.clone().where('resource', 'port_forwards').update({ maximum: 0 })
    await assert.rejects(() => globex.inside(() => accept(transfer, globex)), 'E_QUOTA_EXCEEDED')
    await ofGlobex.clone().update({ maximum: null })
    await globex.instance('web-1')
    const before = await usage(globex.organization.id)
    await assert.rejects(() => globex.inside(() => accept(transfer, globex)), 'E_NAME_TAKEN')
    assert.deepEqual(await usage(globex.organization.id), before)
    assert.isEmpty(await Quota.recount(false))
    await globex.inside(() => accept(transfer, globex, 'web-2'))
    const row = await db.from('instances').where('id', instance.id).firstOrFail()
    assert.equal(row.live_name, 'web-2')
  })

  test('only the newest offer holds, once, until it is declined, withdrawn or seven days old', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    const first = await offer({ acme, globex, instance })
    const second = await offer({ acme, globex, instance })
    const refused = (transfer: Transfer) =>
      assert.rejects(() => globex.inside(() => accept(transfer, globex)), 'E_TRANSFER_CLOSED')
    await refused(first)
    await globex.inside(async () => (await reread(second, globex)).decline(globex.owner))
    await refused(second)
    const third = await offer({ acme, globex, instance })
    await acme.inside(() => third.withdraw(acme.owner))
    await refused(third)
    const fourth = await offer({ acme, globex, instance })
    await db.from('transfers').update({ expires_at: '2020-01-01 00:00:00' })
    assert.isEmpty(await globex.inside(() => Transfer.offeredTo(globex.organization)))
    await refused(fourth)
    const fifth = await offer({ acme, globex, instance })
    await globex.inside(() => accept(fifth, globex))
    await refused(fifth)
  })

  test('one that nobody accepts in time ends once, and is told to both sides', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    const left = await offer({ acme, globex, instance })
    const expire = () => Tenant.system('test', () => Transfer.expireAll())
    assert.equal(await expire(), 0)
    await db.from('transfers').update({ expires_at: '2020-01-01 00:00:00' })
    await db.from('notices').delete()
    assert.equal(await expire(), 1)
    assert.equal(await expire(), 0)
    for (const { organization } of [acme, globex]) {
      assert.deepEqual(await noticeTypes(organization), ['transfer.expired'])
    }
    assert.isNull((await db.from('transfers').where('id', left.id).firstOrFail()).open_on)
    assert.isNull(await acme.inside(() => Transfer.openOf(instance)))
    assert.include(await auditActions(acme.organization.id), 'instance.transfer_expired')

    await offer({ acme, globex, instance })
    await db.from('transfers').update({ expires_at: '2020-01-01 00:00:00' })
    await db.from('notices').delete()
    await offer({ acme, globex, instance })
    assert.deepEqual(await noticeTypes(globex.organization), [
      'transfer.expired',
      'transfer.offered',
    ])
  })

  test('to nobody, to oneself, while it is suspended or busy it is not offered', async ({
    assert,
  }) => {
    const { acme, globex, instance } = await readyInstance()
    const refused = (to: string, code: string) =>
      assert.rejects(
        () => acme.inside(() => Transfer.offer(instance, { to, by: acme.owner })),
        code
      )
    await refused('nobody-at-all', 'E_NO_SUCH_ORGANIZATION')
    await refused(acme.organization.slug, 'E_NO_SUCH_ORGANIZATION')
    const stop = await acme.inside(() => instance.power('stop', acme.owner))
    await refused(globex.organization.slug, 'E_INSTANCE_BUSY')
    await finish(stop)
    await acme.inside(() => instance.refresh())
    await finish((await acme.inside(() => instance.suspend('billing', { by: null }))).operation!)
    await refused(globex.organization.slug, 'E_INSTANCE_SUSPENDED')
  })

  test('a third party does not even see it', async ({ assert }) => {
    const { acme, globex, instance } = await readyInstance()
    const transfer = await offer({ acme, globex, instance })
    assert.isEmpty(await acme.inside(() => Transfer.offeredTo(acme.organization)))
    await assert.rejects(
      () => acme.inside(() => Transfer.offeredAs(acme.organization, transfer.uid)),
      'Row not found'
    )
  })
})

/** With forwards, keys, a suspension that is over, and operations. */
async function readyInstance(): Promise<Scene> {
  const found = await world()
  const { acme } = found
  await portPool(found.cluster)
  const { instance, operation } = await acme.order('web-1', { sshKeys: [KEY] })
  await finish(operation)
  await acme.inside(() => instance.refresh())
  const { operation: forwarding } = await acme.inside(() =>
    instance.forward({ protocol: 'both', targetPort: 80 }, acme.owner)
  )
  await finish(forwarding)
  await finish((await acme.inside(() => instance.suspend('billing', { by: null }))).operation!)
  await finish((await acme.inside(() => instance.unsuspend('billing', { by: null }))).operation!)
  await acme.inside(() => instance.refresh())
  if ((await acme.inside(() => PortForward.ofInstance(instance))).length !== 3) {
    throw new Error('three forwards were expected')
  }
  if ((await acme.inside(() => InstanceKey.of(instance))).length !== 1) throw new Error('one key')
  return { ...found, instance }
}

function offer({ acme, globex, instance }: Pick<Scene, 'acme' | 'globex' | 'instance'>) {
  return acme.inside(() =>
    Transfer.offer(instance, { to: globex.organization.slug, by: acme.owner })
  )
}

async function accept(transfer: Transfer, to: World['acme'], name?: string) {
  const offered = await reread(transfer, to)
  await offered.accept({ name: name ?? null, by: to.owner })
}

function reread({ uid }: Transfer, { organization }: World['acme']) {
  return Transfer.offeredAs(organization, uid)
}
