import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import Invitation from '#models/invitation'
import Membership from '#models/membership'
import Organization from '#models/organization'
import { ownedOrganizations } from '#config/quotas'
import { Tenant } from '#models/concerns/tenant'
import { countStatements } from '#tests/support/statements'
import { person } from '#tests/support/world'

async function withOwners(count: number) {
  const owners = [await person()]
  const organization = await db.transaction((trx) =>
    Organization.found({ name: 'Owned', kind: 'team', owner: owners[0] }, trx)
  )
  for (let n = 1; n < count; n++) {
    const user = await person()
    await Membership.create({ organizationId: organization.id, userId: user.id, role: 'owner' })
    owners.push(user)
  }
  const members = async () => {
    const page = await organization.members({}, 100)
    return page.rows
  }
  return { organization, owners, members }
}

test.group('Memberships', () => {
  test('of owners who all leave at once one stays', async ({ assert }) => {
    const { members } = await withOwners(8)
    const all = await members()
    const results = await Promise.allSettled(all.map((member) => member.end('member.left')))
    assert.lengthOf(
      results.filter(({ status }) => status === 'fulfilled'),
      7
    )
    const left = await members()
    assert.deepEqual(
      left.map(({ role }) => role),
      ['owner']
    )
  }).timeout(60_000)

  test('of owners who demote each other at once one stays', async ({ assert }) => {
    const { members } = await withOwners(6)
    const all = await members()
    await Promise.allSettled(all.map((member) => member.changeRole('viewer')))
    const left = await members()
    assert.lengthOf(
      left.filter(({ role }) => role === 'owner'),
      1
    )
  }).timeout(60_000)

  test('one invitation accepted many times makes one member', async ({ assert }) => {
    const { organization, owners } = await withOwners(1)
    const guest = await person()
    const { token } = await Tenant.run(organization.id, () =>
      Invitation.invite(organization, { email: guest.email, role: 'viewer', invitedBy: owners[0] })
    )
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, async () => {
        const invitation = await Invitation.ofToken(token)
        await invitation!.accept(guest)
      })
    )
    assert.lengthOf(
      results.filter(({ status }) => status === 'fulfilled'),
      1
    )
    const members = await Membership.query().where('user_id', guest.id)
    assert.lengthOf(members, 1)
  }).timeout(60_000)

  test('one address invited many times at once has one open invitation', async ({ assert }) => {
    const { organization, owners } = await withOwners(1)
    const order = { email: 'many@example.com', role: 'viewer', invitedBy: owners[0] } as const
    const open = await Tenant.run(organization.id, async () => {
      await Promise.all(
        Array.from({ length: 10 }, () => Invitation.invite(organization, { ...order }))
      )
      return Invitation.query().whereNotNull('open_email')
    })
    assert.lengthOf(open, 1)
  }).timeout(60_000)

  test('however many are asked for at once, a person owns so many teams', async ({ assert }) => {
    const user = await person()
    await Promise.allSettled(
      Array.from({ length: ownedOrganizations + 10 }, (_, n) =>
        Organization.foundTeam(`Team ${n}`, user)
      )
    )
    const owned = await Membership.query().where('user_id', user.id)
    assert.lengthOf(owned, ownedOrganizations)
  }).timeout(60_000)

  test('finding out who asks for a page costs one statement', async ({ assert }) => {
    const { organization, owners } = await withOwners(1)
    let membership: Membership | null = null
    const statements = await countStatements(async () => {
      membership = await Membership.of(owners[0].id, organization.slug)
    })
    assert.equal(statements, 1)
    assert.equal(membership!.role, 'owner')
    assert.equal(membership!.organization.uid, organization.uid)
    assert.isTrue(membership!.createdAt.isValid)
    assert.isTrue(membership!.organization.createdAt.isValid)
  })
})
