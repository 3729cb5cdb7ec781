import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import NoticeMail from '#mails/notice_mail'
import TokenExpiryMail from '#mails/token_expiry_mail'
import ApiToken from '#models/api_token'
import BillingKey from '#models/billing_key'
import { runExpiryRound } from '#models/expiry_round'
import Membership from '#models/membership'
import Notice, { type NoticeData } from '#models/notice'
import NoticePreference from '#models/notice_preference'
import Organization from '#models/organization'
import Quota from '#models/quota'
import Transfer from '#models/transfer'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { issueBillingKey } from '#tests/support/billing'
import { emptyDatabase } from '#tests/support/test_database'
import { dispatch, endpoint, noticeTypes } from '#tests/support/webhooks'
import { finish, world, type TestTenant } from '#tests/support/world'

const expiryRound = () => Tenant.system('test', runExpiryRound)
const dataOf = async (type: string): Promise<NoticeData[]> =>
  (await Tenant.system('test', () => Notice.query().where('type', type).orderBy('id'))).map(
    ({ organizationId, data }) => ({ organizationId, ...data })
  )

function memberOf({ organization }: TestTenant, user: { id: number }): Promise<Membership> {
  return Membership.query()
    .where({ userId: user.id, organizationId: organization.id })
    .preload('user')
    .firstOrFail()
}

test.group('Notices', (group) => {
  let mails: ReturnType<typeof mail.fake>
  // Other specs leave what happened in them.
  group.setup(emptyDatabase)
  group.each.teardown(emptyDatabase)
  group.each.setup(() => {
    mails = mail.fake()
    return () => mail.restore()
  })

  /** Those that were sent, by whom they are for. */
  const sent = () =>
    mails.mails
      .queued((one) => one instanceof NoticeMail || one instanceof TokenExpiryMail)
      .map(({ message }) => message.toObject().message)
      .map(({ to, subject }) => `${[to].flat().map(String)}: ${subject}`)

  test('what happens is written down with it: created, failed, suspended and lifted', async ({
    assert,
  }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    fake.refuseNext('stop', { kind: 'unsupported' })
    await finish(await acme.inside(() => web.power('stop', acme.owner)))
    const { operation } = await acme.inside(() => web.suspend('abuse', { by: null }))
    await finish(operation!)
    await acme.inside(() => web.unsuspend('abuse', { by: null }))
    assert.deepEqual(await noticeTypes(), [
      'instance.created',
      'operation.failed',
      'instance.suspended',
      'instance.unsuspended',
    ])
  })

  test('what needs a person is told to its organization and to the provider’s', async ({
    assert,
  }) => {
    const { acme, fake } = await world()
    const provider = await Organization.provider()
    const { instance, operation } = await acme.order('web-1')
    fake.refuseNext('start', { kind: 'invalid' })
    fake.refuseNext('destroy', { kind: 'invalid' })
    await finish(operation)
    assert.equal(operation.state, 'needs_attention')
    const [own, theirs] = await dataOf('operation.needs_attention')
    assert.deepInclude(own, { organizationId: acme.organization.id, instance: instance.uid })
    assert.deepInclude(theirs, {
      organizationId: provider.id,
      operation: operation.uid,
      organization: acme.organization.name,
    })
  })

  test('whoever passes 80 % of a quota and all of it has its organization told, once a day', async ({
    assert,
  }) => {
    const { acme } = await world()
    const counter = { organization_id: acme.organization.id, resource: 'cpus' }
    await db.from('quotas').where(counter).update({ maximum: 10, used: 0 })
    const hold = (cpus: number) =>
      transaction((trx) => Quota.hold(acme.organization.id, 'thing', { cpus }, trx))
    await hold(7)
    assert.deepEqual(await noticeTypes(), [])
    await hold(8)
    await hold(9)
    assert.deepEqual(await noticeTypes(), ['quota.near'])
    await hold(10)
    assert.deepEqual(await noticeTypes(), ['quota.near', 'quota.exhausted'])
    for (const cpus of [2, 10]) await hold(cpus)
    assert.deepEqual(await noticeTypes(), ['quota.near', 'quota.exhausted'])
    assert.deepInclude((await dataOf('quota.exhausted'))[0], {
      resource: 'cpus',
      used: 10,
      maximum: 10,
    })
  })

  test('what could not be taken of a quota is told to nobody', async ({ assert }) => {
    const { acme } = await world()
    const counter = { organization_id: acme.organization.id }
    await db.from('quotas').where(counter).whereIn('resource', ['cpus', 'disk_gib']).update({
      maximum: 1,
    })
    const both = { cpus: 1, disk_gib: 2 }
    await assert.rejects(
      () => transaction((trx) => Quota.take(acme.organization.id, 'thing', both, trx)),
      'E_QUOTA_EXCEEDED'
    )
    assert.deepEqual(await noticeTypes(), [])
  })

  test('those who decide get a mail until they choose, others when they choose, in their language', async ({
    assert,
  }) => {
    const { acme } = await world()
    await acme.viewer.merge({ locale: 'zh-CN' }).save()
    await NoticePreference.choose(await memberOf(acme, acme.admin), ['failed'])
    await NoticePreference.choose(await memberOf(acme, acme.viewer), ['created'])
    await acme.instance('web-1')
    await dispatch()
    const expected = [
      `${acme.owner.email}: web-1 was created`,
      `${acme.viewer.email}: web-1 已创建`,
    ]
    assert.sameMembers(sent(), expected)
    await dispatch()
    assert.sameMembers(sent(), expected)
  })

  test('nobody who may not sign in is told', async ({ assert }) => {
    const { acme } = await world()
    await acme.owner.merge({ disabledAt: DateTime.utc() }).save()
    await acme.instance('web-1')
    await dispatch()
    assert.deepEqual(sent(), [`${acme.admin.email}: web-1 was created`])
  })

  test('one that cannot be told holds up none of the others', async ({ assert }) => {
    const { acme, globex } = await world()
    // An endpoint that is nonsense: nothing of its organization can be told.
    await endpoint(acme, 'https://hooks.example.com/')
    await db.from('webhooks').update({ kinds: '{}' })
    await transaction(async (trx) => {
      for (let count = 0; count < 120; count++) {
        await Notice.raise(acme.organization.id, 'instance.created', { name: 'web' }, trx)
      }
      await Notice.raise(globex.organization.id, 'instance.created', { name: 'desk' }, trx)
    })
    assert.equal(await dispatch(), 1)
    assert.deepEqual(sent()[0], `${globex.owner.email}: desk was created`)
    await db.from('webhooks').delete()
    assert.equal(await dispatch(), 120)
  })

  test('an offer, its withdrawal and its refusal are told to the owners on both sides', async ({
    assert,
  }) => {
    const { acme, globex } = await world()
    const web = await acme.instance('web-1')
    const offer = () =>
      acme.inside(() => Transfer.offer(web, { to: globex.organization.slug, by: acme.owner }))
    await db.from('notices').delete()
    const first = await offer()
    await dispatch()
    const { name: from } = acme.organization
    const { name: to } = globex.organization
    const subject = `${from} offers web-1 to ${to}`
    assert.sameMembers(sent(), [
      `${acme.owner.email}: ${subject}`,
      `${globex.owner.email}: ${subject}`,
    ])
    const [own, theirs] = await dataOf('transfer.offered')
    assert.deepInclude(own, { organizationId: acme.organization.id, instance: web.uid })
    assert.notProperty(own, 'transfer')
    assert.deepInclude(theirs, { organizationId: globex.organization.id, transfer: first.uid })
    assert.notProperty(theirs, 'instance')
    await acme.inside(() => first.withdraw(acme.owner))
    const second = await offer()
    await second.decline(globex.owner)
    const both = (type: string) => [type, type]
    assert.deepEqual(await noticeTypes(), [
      ...both('transfer.offered'),
      ...both('transfer.withdrawn'),
      ...both('transfer.offered'),
      ...both('transfer.declined'),
    ])
  })

  test('of an instance that changed hands only its new organization gets the address', async ({
    assert,
  }) => {
    const { acme, globex } = await world()
    const web = await acme.instance('web-1')
    const offer = await acme.inside(() =>
      Transfer.offer(web, { to: globex.organization.slug, by: acme.owner })
    )
    await db.from('notices').delete()
    const received = await globex.inside(() => Transfer.offeredAs(globex.organization, offer.uid))
    await received.accept({ by: globex.owner })
    const told = await dataOf('transfer.completed')
    assert.sameDeepMembers(
      told.map(({ organizationId, instance }) => [organizationId, instance ?? null]),
      [
        [globex.organization.id, web.uid],
        [acme.organization.id, null],
      ]
    )
  })

  test('one who is offered it no more because another is, is told', async ({ assert }) => {
    const { acme, globex } = await world()
    const web = await acme.instance('web-1')
    const third = await Organization.foundTeam('Initech', globex.owner)
    const offer = (to: string) => acme.inside(() => Transfer.offer(web, { to, by: acme.owner }))
    await offer(globex.organization.slug)
    await db.from('notices').delete()
    await offer(third.slug)
    assert.deepEqual(await noticeTypes(globex.organization), ['transfer.withdrawn'])
    assert.deepEqual(await noticeTypes(third), ['transfer.offered'])
  })

  test('of a billing key and an API token that end within a week is told once', async ({
    assert,
  }) => {
    const { acme } = await world()
    const { owner } = acme
    await issueBillingKey(acme)
    for (const name of ['soon', 'later', 'short']) await ApiToken.create(owner, { name, days: 90 })
    const at = (days: number) => DateTime.utc().plus({ days })
    const text = (time: DateTime) => time.toFormat('yyyy-MM-dd HH:mm:ss')
    await acme.inside(() =>
      BillingKey.query().update({ created_at: text(at(-80)), expires_at: text(at(5)) })
    )
    const token = (name: string) => db.from('auth_access_tokens').where({ name })
    await token('soon').update({ created_at: at(-80).toJSDate(), expires_at: at(5).toJSDate() })
    // Made for two days: it ends as it was meant to.
    await token('short').update({ created_at: at(0).toJSDate(), expires_at: at(2).toJSDate() })
    await expiryRound()
    await expiryRound()
    assert.deepEqual(await noticeTypes(), ['billing_key.expiring'])
    await dispatch()
    const [key] = await acme.inside(() => BillingKey.query())
    assert.sameMembers(sent(), [
      `${owner.email}: The API token “soon” ends soon`,
      `${owner.email}: The billing key ${key!.label} ends soon`,
      `${acme.admin.email}: The billing key ${key!.label} ends soon`,
    ])
  })

  test('whoever wants no mails about tokens gets none', async ({ assert }) => {
    const { acme } = await world()
    await acme.owner.changeTokenMails(false)
    await ApiToken.create(acme.owner, { name: 'soon', days: 90 })
    const at = (days: number) => DateTime.utc().plus({ days }).toJSDate()
    await db.from('auth_access_tokens').update({ created_at: at(-80), expires_at: at(5) })
    await expiryRound()
    assert.deepEqual(sent(), [])
  })

  test('what was told long ago is forgotten with its deliveries, what is on its way is not', async ({
    assert,
  }) => {
    const { acme } = await world()
    const { webhook } = await endpoint(acme, 'https://hooks.example.com/')
    for (let count = 0; count < 3; count++) await acme.inside(() => webhook.ping())
    await dispatch()
    const [waiting, over, young] = await db.from('notices').orderBy('id')
    const end = (notice: { id: number }, state: string) =>
      db.from('webhook_deliveries').where('notice_id', notice.id).update({ state, due_at: null })
    await end(over, 'failed')
    await end(young, 'delivered')
    await db
      .from('notices')
      .whereIn('id', [waiting.id, over.id])
      .update({ dispatched_at: '2020-01-01 00:00:00' })
    assert.equal(await Tenant.system('test', () => Notice.forgetOld()), 1)
    const left = await db.from('webhook_deliveries').orderBy('id')
    assert.deepEqual(
      left.map((row) => row.notice_id),
      [waiting.id, young.id]
    )
  })
})
