import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import mail from '@adonisjs/mail/services/main'
import limiter from '@adonisjs/limiter/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import InvitationMail from '#mails/invitation_mail'
import Invitation from '#models/invitation'
import Membership from '#models/membership'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { auditActions } from '#tests/support/audit'
import { person, world, type TestTenant } from '#tests/support/world'

function asking(client: ApiClient, { path }: TestTenant) {
  const send = (method: 'post' | 'delete', address: string, by: User, form = {}) =>
    client[method](address).loginAs(by).withCsrfToken().redirects(0).accept('json').form(form)
  return {
    invite: (by: User, email: string, role = 'operator') =>
      send('post', `${path}/invitations`, by, { email, role }),
    resend: (by: User, { uid }: Invitation) =>
      send('post', `${path}/invitations/${uid}/deliveries`, by),
    revoke: (by: User, { uid }: Invitation) => send('delete', `${path}/invitations/${uid}`, by),
    accept: (by: User, token: string) => send('post', `/invitations/${token}/acceptance`, by),
  }
}

const invited = (tenant: TestTenant, email: string, role: 'viewer' | 'owner' = 'viewer') =>
  tenant.inside(() =>
    Invitation.invite(tenant.organization, { email, role, invitedBy: tenant.owner })
  )

const only = (tenant: TestTenant) => tenant.inside(() => Invitation.query().orderBy('id').first())

test.group('Invitations', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))
  group.each.teardown(() => mail.restore())

  test('an admin invites by mail, and only the hash of the link is kept', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const { mails } = mail.fake()
    const response = await asking(client, acme).invite(acme.admin, ' New.Person@Example.com ')
    response.assertStatus(302)
    const invitation = await only(acme)
    assert.equal(invitation!.email, 'new.person@example.com')
    assert.closeTo(invitation!.expiresAt.diff(DateTime.utc(), 'days').days, 7, 0.1)
    let link = ''
    mails.assertQueued(InvitationMail, ({ message }) => {
      link = /http\S+\/invitations\/[\w-]+/.exec(message.toJSON().message.text as string)![0]
      return message.hasTo('new.person@example.com')
    })
    const token = link.split('/').at(-1)!
    assert.isAtLeast(token.length, 40)
    assert.notInclude(JSON.stringify(invitation!.$attributes), token)
    const page = await client.get(`/invitations/${token}`)
    page.assertStatus(200)
    assert.include(await auditActions(acme.organization.id), 'invitation.sent')
  })

  test('operators invite nobody, and an admin invites no owner', async ({ client, assert }) => {
    const { acme } = await world()
    const ask = asking(client, acme)
    for (const response of [
      await ask.invite(acme.operator, 'x@example.com'),
      await ask.invite(acme.viewer, 'x@example.com', 'viewer'),
      await ask.invite(acme.admin, 'x@example.com', 'owner'),
    ]) {
      response.assertStatus(403)
    }
    assert.isNull(await only(acme))
  })

  test('what is no address, no role, or a member already is refused', async ({ client }) => {
    const { acme } = await world()
    const ask = asking(client, acme)
    for (const [email, role] of [
      ['not an address', 'viewer'],
      ['', 'viewer'],
      [`${'x'.repeat(250)}@example.com`, 'viewer'],
      ['x@example.com', 'emperor'],
    ]) {
      const response = await ask.invite(acme.owner, email, role)
      response.assertStatus(422)
    }
    const member = await ask.invite(acme.owner, acme.viewer.email.toUpperCase())
    member.assertStatus(422)
    member.assertBodyContains({ error: { code: 'E_ALREADY_MEMBER' } })
  })

  test('inviting again replaces the first link', async ({ client, assert }) => {
    const { acme } = await world()
    const first = await invited(acme, 'twice@example.com')
    const second = await invited(acme, 'twice@example.com', 'owner')
    const user = await person({ email: 'twice@example.com' })
    const late = await asking(client, acme).accept(user, first.token)
    late.assertStatus(410)
    const done = await asking(client, acme).accept(user, second.token)
    done.assertStatus(302)
    const membership = await Membership.of(user.id, acme.organization.slug)
    assert.equal(membership?.role, 'owner')
  })

  test('who was invited accepts signed in, once', async ({ client, assert }) => {
    const { acme } = await world()
    const { token } = await invited(acme, 'guest@example.com')
    const user = await person({ email: 'guest@example.com' })
    const page = await client.get(`/invitations/${token}`).loginAs(user)
    page.assertTextIncludes(`/invitations/${token}/acceptance`)
    const response = await asking(client, acme).accept(user, token)
    response.assertHeader('location', `/o/${acme.organization.slug}`)
    const membership = await Membership.of(user.id, acme.organization.slug)
    assert.equal(membership?.role, 'viewer')
    assert.include(await auditActions(acme.organization.id), 'member.joined')
    const again = await asking(client, acme).accept(user, token)
    again.assertStatus(410)
  })

  test('accepting proves the address', async ({ client, assert }) => {
    const { acme } = await world()
    const { token } = await invited(acme, 'fresh@example.com')
    const user = await person({ email: 'fresh@example.com' })
    await user.merge({ emailVerifiedAt: null }).save()
    await asking(client, acme).accept(user, token)
    await user.refresh()
    assert.isNotNull(user.emailVerifiedAt)
  })

  test('a stranger is shown who invites them, and how to get in', async ({ client }) => {
    const { acme } = await world()
    const { token } = await invited(acme, 'guest@example.com')
    const page = await client.get(`/invitations/${token}`).header('accept-language', 'en')
    page.assertStatus(200)
    page.assertTextIncludes('Acme')
    page.assertTextIncludes('/sign-up')
    page.assertHeader('referrer-policy', 'no-referrer')
  })

  test('with another address it is refused in words that say why', async ({ client, assert }) => {
    const { acme, globex } = await world()
    const { token } = await invited(acme, 'guest@example.com')
    const page = await client.get(`/invitations/${token}`).loginAs(globex.viewer)
    page.assertTextIncludes('This invitation is for somebody else')
    page.assertTextIncludes(globex.viewer.email)
    const response = await asking(client, acme).accept(globex.viewer, token)
    response.assertStatus(409)
    response.assertBodyContains({ error: { code: 'E_INVITATION_FOR_OTHER' } })
    assert.isNull(await Membership.of(globex.viewer.id, acme.organization.slug))
  })

  test('an expired one opens nothing until it is sent again', async ({ client, assert }) => {
    const { acme } = await world()
    const { invitation, token } = await invited(acme, 'late@example.com')
    await acme.inside(async () => {
      invitation.expiresAt = DateTime.utc().minus({ minutes: 1 })
      await invitation.save()
    })
    const user = await person({ email: 'late@example.com' })
    const page = await client.get(`/invitations/${token}`).loginAs(user)
    page.assertStatus(410)
    page.assertTextIncludes('has expired')
    const refused = await asking(client, acme).accept(user, token)
    refused.assertStatus(410)

    const { mails } = mail.fake()
    const resent = await asking(client, acme).resend(acme.admin, invitation)
    resent.assertStatus(302)
    mails.assertQueuedCount(InvitationMail, 1)
    const old = await client.get(`/invitations/${token}`)
    old.assertStatus(404)
    await acme.inside(() => invitation.refresh())
    assert.equal(invitation.state, 'open')
  })

  test('one that is taken back opens nothing and cannot be sent again', async ({ client }) => {
    const { acme } = await world()
    const { invitation, token } = await invited(acme, 'gone@example.com')
    const ask = asking(client, acme)
    const revoked = await ask.revoke(acme.admin, invitation)
    revoked.assertStatus(302)
    const user = await person({ email: 'gone@example.com' })
    for (const response of [
      await ask.accept(user, token),
      await ask.resend(acme.admin, invitation),
      await ask.revoke(acme.admin, invitation),
    ]) {
      response.assertStatus(410)
    }
  })

  test('an invitation to be an owner is managed by owners', async ({ client }) => {
    const { acme } = await world()
    const { invitation } = await invited(acme, 'boss@example.com', 'owner')
    const ask = asking(client, acme)
    const resend = await ask.resend(acme.admin, invitation)
    resend.assertStatus(403)
    const revoke = await ask.revoke(acme.admin, invitation)
    revoke.assertStatus(403)
  })

  test('what waits for a proven address can be accepted without the mail', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const { invitation } = await invited(acme, 'guest@example.com')
    const user = await person({ email: 'guest@example.com' })
    const page = await client.get('/organizations').loginAs(user)
    page.assertTextIncludes(`/invitations/${invitation.uid}/acceptance`)
    const stranger = await asking(client, acme).accept(await person(), invitation.uid)
    stranger.assertStatus(404)
    await user.merge({ emailVerifiedAt: null }).save()
    const unproven = await asking(client, acme).accept(user, invitation.uid)
    assert.notEqual(unproven.status(), 302)
    await user.merge({ emailVerifiedAt: DateTime.utc() }).save()
    const response = await asking(client, acme).accept(user, invitation.uid)
    response.assertHeader('location', `/o/${acme.organization.slug}`)
  })

  test('a made-up link is as absent as any other page', async ({ client }) => {
    const response = await client.get(`/invitations/${'x'.repeat(43)}`)
    response.assertStatus(404)
  })

  test('nobody is pestered: an address gets five a day', async ({ client }) => {
    const { acme, globex } = await world()
    mail.fake()
    for (let n = 0; n < 5; n++) {
      const response = await asking(client, n % 2 ? acme : globex).invite(
        n % 2 ? acme.owner : globex.owner,
        'pestered@example.com'
      )
      response.assertStatus(302)
    }
    const sixth = await asking(client, acme).invite(acme.owner, 'Pestered@example.com')
    sixth.assertStatus(429)
    sixth.assertHeader('retry-after')
  })

  test('invitations of a dissolved organization are gone', async ({ client, assert }) => {
    const { acme } = await world()
    const { token } = await invited(acme, 'guest@example.com')
    await acme.inside(() => acme.organization.dissolve())
    const page = await client.get(`/invitations/${token}`)
    page.assertStatus(404)
    const left = await Tenant.system('test', () => Invitation.query())
    assert.lengthOf(left, 0)
  })
})
