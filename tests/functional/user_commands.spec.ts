import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import { appUrl } from '#config/app'
import Organization from '#models/organization'
import User from '#models/user'
import UserSession from '#models/user_session'
import { auditedActions, freshAccounts } from '#tests/support/accounts'
import { person, world } from '#tests/support/world'

const NEW = 'nine quiet rivers beside the mill'

async function run(name: string, ...flags: string[]) {
  ace.ui.switchMode('raw')
  const command = await ace.exec(name, flags)
  const lines = command.ui.logger.getLogs().map(({ message }) => message)
  return { failed: command.exitCode === 1, lines }
}

test.group('Users by command', (group) => {
  freshAccounts(group)
  group.each.teardown(() => ace.ui.switchMode('normal'))

  test('one is made without a password that anybody knows, and chooses it by the link', async ({
    client,
    assert,
  }) => {
    const { lines } = await run(
      'user:create',
      '--email=Ops@Example.com',
      '--staff-role=operator',
      '--json'
    )
    const made = JSON.parse(lines[0]!)
    assert.include(made, { email: 'ops@example.com', staffRole: 'operator' })
    const user = await User.findByOrFail('uid', made.uid)
    assert.isFalse(user.isVerified)

    const path = made.link.slice(appUrl.length)
    await client.post(path).withCsrfToken().form({ password: NEW, password_confirmation: NEW })
    await user.refresh()
    assert.isTrue(user.isVerified)
    assert.isNotNull(await User.withCredentials('ops@example.com', NEW))
    assert.include(await auditedActions(), 'user.created succeeded')
  })

  test('a taken address and an unknown role are refused', async ({ assert }) => {
    const known = await person()
    const taken = await run('user:create', `--email=${known.email}`)
    assert.isTrue(taken.failed)
    const unknown = await run('user:create', '--email=x@example.com', '--staff-role=emperor')
    assert.isTrue(unknown.failed)
    assert.isNull(await User.findByEmail('x@example.com'))
  })

  test('one that is disabled is signed out, and comes back on request', async ({ assert }) => {
    const user = await person()
    const session = await UserSession.open(user, { method: 'password' })
    await run('user:disable', `--email=${user.email}`)
    await Promise.all([user.refresh(), session.refresh()])
    assert.deepEqual([user.isDisabled, session.isOpen], [true, false])
    await run('user:disable', `--email=${user.email}`, '--undo')
    await user.refresh()
    assert.isFalse(user.isDisabled)
  })

  test('one that is deleted takes an empty organization along, but no other', async ({
    assert,
  }) => {
    await run('user:create', '--email=gone@example.com')
    const user = await User.findByOrFail('email', 'gone@example.com')
    const { organizationId } = await user.related('memberships').query().firstOrFail()
    await run('user:delete', '--email=gone@example.com', '--force')
    assert.isNull(await User.find(user.id))
    const organization = await Organization.findOrFail(organizationId)
    assert.isNotNull(organization.deletedAt)

    const { acme } = await world()
    const refused = await run('user:delete', `--email=${acme.owner.email}`, '--force')
    assert.isTrue(refused.failed)
    assert.isNotNull(await User.find(acme.owner.id))
  })
})
