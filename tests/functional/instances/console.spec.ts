import { setTimeout as sleep } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import { appUrl } from '#config/app'
import { CONSOLE_LOST_MS, consoleLimits } from '#config/console'
import ConsoleSession from '#models/console_session'
import type Instance from '#models/instance'
import Membership from '#models/membership'
import { sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import UserSession from '#models/user_session'
import type User from '#models/user'
import { forgetRefusals } from '#exceptions/refusal_log'
import { ConsoleClient } from '#tests/support/console_client'
import { until } from '#tests/support/processes'
import { Visitor } from '#tests/support/visitor'
import { PASSWORD, finish, world, type TestTenant } from '#tests/support/world'

/** Rights that are gone are noticed within this time. */
const SOON_MS = 5_000

/** Over real sockets, as browsers hold them; the guests are those of the fake cluster. */
test.group('Console', (group) => {
  let opened: ConsoleClient[] = []

  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(async () => {
    await limiter.clear()
    forgetRefusals()
    opened = []
    const limits = { ...consoleLimits }
    return async () => {
      Object.assign(consoleLimits, limits)
      for (const client of opened) client.socket.terminate()
      // The end is written down before the transaction of the test is rolled back.
      await until('no console is open', async () => (await openRows()) === 0)
    }
  })

  const openRows = async () => {
    const row = await db
      .from('console_sessions')
      .whereNotNull('opened_at')
      .whereNull('closed_at')
      .count('* as total')
      .firstOrFail()
    return Number(row.total)
  }

  const track = (client: ConsoleClient) => {
    opened.push(client)
    return client
  }

  async function ground() {
    const built = await world()
    const instance = await built.acme.instance('web-1')
    const visitor = await Visitor.signIn(built.acme.operator.email, PASSWORD)
    const path = `${built.acme.path}/instances/${instance.uid}`
    return { ...built, instance, visitor, path }
  }

  const connect = async (path: string, visitor: Visitor, kind = 'shell') => {
    const ticket = await ConsoleClient.ticket(visitor, path, kind)
    return track(await ConsoleClient.opened(path, { cookies: visitor.cookies, ticket }))
  }

  const refusal = async (path: string, wish: Parameters<typeof ConsoleClient.open>[1]) => {
    const answer = await ConsoleClient.open(path, wish)
    if (answer instanceof ConsoleClient) track(answer)
    return 'status' in answer ? answer.status : 'opened'
  }

  const audited = (acme: TestTenant) =>
    db
      .from('audit_events')
      .where('organization_id', acme.organization.id)
      .where('action', 'like', 'console.%')
      .orderBy('position')
      .select('action', 'actor_label', 'subject_label', 'after', 'as_staff', 'ip_address')

  const factsOf = (after: string | object) =>
    (typeof after === 'string' ? JSON.parse(after) : after) as Record<string, unknown>

  test('what is typed comes back, and the window has the size it is given', async ({ assert }) => {
    const { path, visitor } = await ground()
    const ticket = await ConsoleClient.ticket(visitor, path)
    const size = { columns: 91, rows: 31 }
    const wish = { cookies: visitor.cookies, ticket, ...size }
    const client = track(await ConsoleClient.opened(path, wish))
    await client.shows(/~# $/)
    client.type('stty size\r')
    await client.shows(/\b31 91\b/)
    client.resize(132, 43)
    client.type('stty size\r')
    await client.shows(/\b43 132\b/)
    client.type('exit\r')
    assert.equal(await client.closes(), 'exited')
    assert.equal(client.socket.protocol, 'portico.console')
  })

  test('the serial console is another one', async () => {
    const { path, visitor } = await ground()
    const client = await connect(path, visitor, 'serial')
    await client.shows(/login: $/)
  })

  test('a screen is drawn for whoever has a ticket, without a sign-in of its own', async ({
    assert,
  }) => {
    const { path, visitor } = await ground()
    const client = await connect(path, visitor, 'screen')
    await client.shows(/^RFB 003\.008\n$/)
    client.type('RFB 003.008\n')
    await until('it offers to let everybody in', () => client.shown.endsWith('\n\x01\x01'))
    client.type('\x01\x01')
    await client.shows(/web-1|i[a-z0-9]{6}/)
    client.socket.send(Buffer.from([3, 0, 0, 0, 0, 0, 0, 16, 0, 16]))
    await until('it is drawn', () => client.shown.length > 10_000)
    client.socket.close()
    assert.equal(client.socket.protocol, 'portico.console')
  })

  test('a viewer that does not speak as one ends its screen', async ({ assert }) => {
    const { path, visitor } = await ground()
    const client = await connect(path, visitor, 'screen')
    client.type('GET / HTTP/1.1')
    assert.equal(await client.closes(), 'cluster')
  })

  test('a picture that asks to be drawn anew keeps no screen open, a key does', async ({
    assert,
  }) => {
    consoleLimits.idleMs = 3_000
    const { path, visitor } = await ground()
    const client = await connect(path, visitor, 'screen')
    client.type('RFB 003.008\n\x01\x01')
    const ask = () => client.socket.send(Buffer.from([3, 0, 0, 0, 0, 0, 0, 16, 0, 16]))
    const asking = setInterval(ask, 50)
    await sleep(500)
    const pressedAt = performance.now()
    client.socket.send(Buffer.from([4, 1, 0, 0, 0, 0, 0, 0x61]))
    assert.equal(await client.closes(30_000), 'idle')
    clearInterval(asking)
    assert.isAtLeast(performance.now() - pressedAt, consoleLimits.idleMs - 50)
  })

  test('of a console that the cluster does not have there is no ticket', async ({ assert }) => {
    const { cluster, path, visitor } = await ground()
    await cluster.change({ settings: { ...cluster.settings, screen: false } })
    const page = await visitor.read(appUrl, `${path}/console`)
    assert.notInclude(page, 'kind=screen')
    const refused = await ConsoleClient.ask(visitor, path, 'screen')
    const { error } = (await refused.json()) as { error: { code: string } }
    assert.deepEqual([refused.status, error.code], [409, 'E_CLUSTER_CANNOT'])
  })

  test('opening and closing are recorded, with how long it was and why it ended', async ({
    assert,
  }) => {
    const { acme, path, visitor } = await ground()
    const client = await connect(path, visitor)
    client.socket.close()
    await until('it is recorded', async () => (await audited(acme)).length === 2)
    const [begin, end] = await audited(acme)
    assert.equal(begin.action, 'console.opened')
    assert.deepEqual(factsOf(begin.after), { kind: 'shell' })
    assert.equal(end.action, 'console.closed')
    assert.equal(end.subject_label, 'web-1')
    assert.equal(end.actor_label, acme.operator.email)
    assert.isNotEmpty(end.ip_address)
    const { kind, seconds, ending } = factsOf(end.after)
    assert.deepEqual([kind, ending], ['shell', 'left'])
    assert.isAtMost(Number(seconds), 5)
  })

  test('a ticket opens one console, once', async ({ assert }) => {
    const { path, visitor } = await ground()
    const ticket = await ConsoleClient.ticket(visitor, path)
    const wish = { cookies: visitor.cookies, ticket }
    const answers = await Promise.all(Array.from({ length: 4 }, () => refusal(path, wish)))
    assert.sameMembers(answers, ['opened', 403, 403, 403])
    assert.equal(await refusal(path, wish), 403)
  })

  test('a ticket is good for half a minute', async ({ assert }) => {
    consoleLimits.ticketMs = -1_000
    const { path, visitor } = await ground()
    const ticket = await ConsoleClient.ticket(visitor, path)
    assert.equal(await refusal(path, { cookies: visitor.cookies, ticket }), 403)
  })

  test('only the digest of a ticket is kept', async ({ assert }) => {
    const { path, visitor } = await ground()
    const ticket = await ConsoleClient.ticket(visitor, path)
    const rows = await db.from('console_sessions').select('*')
    assert.lengthOf(rows, 1)
    assert.notInclude(JSON.stringify(rows), ticket)
  })

  test('a ticket is of no use at another sign-in of the same person, and is then used up', async ({
    assert,
  }) => {
    const { acme, path, visitor } = await ground()
    const other = await Visitor.signIn(acme.operator.email, PASSWORD)
    const ticket = await ConsoleClient.ticket(visitor, path)
    assert.equal(await refusal(path, { cookies: other.cookies, ticket }), 403)
    assert.equal(await refusal(path, { cookies: visitor.cookies, ticket }), 403)
  })

  test('a ticket is of no use for another instance, a colleague or a stranger', async ({
    assert,
  }) => {
    const { acme, globex, path, visitor } = await ground()
    const neighbour = await acme.instance('web-2')
    const colleague = await Visitor.signIn(acme.owner.email, PASSWORD)
    const stranger = await Visitor.signIn(globex.owner.email, PASSWORD)
    const ticket = () => ConsoleClient.ticket(visitor, path)
    const next = `${acme.path}/instances/${neighbour.uid}`
    const { cookies } = visitor
    assert.equal(await refusal(next, { cookies, ticket: await ticket() }), 403)
    const theirs = { cookies: colleague.cookies, ticket: await ticket() }
    assert.equal(await refusal(path, theirs), 403)
    const foreign = { cookies: stranger.cookies, ticket: await ticket() }
    assert.equal(await refusal(path, foreign), 404)
    assert.equal(await refusal(path, { cookies, ticket: '' }), 403)
    assert.equal(await refusal(path, { cookies, ticket: 'guessed' }), 403)
  })

  test('a page of another site, or none at all, opens nothing and uses up no ticket', async ({
    assert,
  }) => {
    const { path, visitor } = await ground()
    const { cookies } = visitor
    const ticket = await ConsoleClient.ticket(visitor, path)
    for (const origin of ['https://evil.example', 'null', null]) {
      assert.equal(await refusal(path, { cookies, ticket, origin }), 403, String(origin))
    }
    assert.equal(await refusal(path, { cookies, ticket }), 'opened')
  })

  test('who is not signed in is sent to sign in', async ({ assert }) => {
    const { path, visitor } = await ground()
    const ticket = await ConsoleClient.ticket(visitor, path)
    assert.equal(await refusal(path, { cookies: '', ticket }), 302)
  })

  test('a viewer gets no ticket and no socket', async ({ assert }) => {
    const { acme, path, visitor } = await ground()
    const viewer = await Visitor.signIn(acme.viewer.email, PASSWORD)
    assert.equal((await ConsoleClient.ask(viewer, path)).status, 403)
    const ticket = await ConsoleClient.ticket(visitor, path)
    assert.equal(await refusal(path, { cookies: viewer.cookies, ticket }), 403)
  })

  const losses: {
    what: string
    ending: string
    lose(place: {
      user: User
      instance: Instance
      acme: TestTenant
      visitor: Visitor
    }): Promise<unknown>
  }[] = [
    {
      what: 'signing out',
      ending: 'signed_out',
      lose: ({ visitor }) => visitor.submit(appUrl, '/sign-out', {}),
    },
    {
      what: 'the end of all sessions',
      ending: 'signed_out',
      lose: ({ user }) => UserSession.endAllOf(user, null),
    },
    {
      what: 'an account that is disabled',
      ending: 'signed_out',
      lose: ({ user }) => db.from('users').where('id', user.id).update({ disabled_at: new Date() }),
    },
    {
      what: 'the loss of the membership',
      ending: 'no_access',
      lose: async ({ user, acme }) => {
        const membership = await Membership.of(user.id, acme.organization.slug)
        membership!.$setRelated('user', user)
        await membership!.end('member.removed')
      },
    },
    {
      what: 'the loss of the role',
      ending: 'no_access',
      lose: async ({ user, acme }) => {
        const membership = await Membership.of(user.id, acme.organization.slug)
        membership!.$setRelated('user', user)
        await membership!.changeRole('viewer')
      },
    },
    {
      what: 'a suspension of the instance',
      ending: 'suspended',
      lose: ({ instance, acme }) => acme.inside(() => instance.suspend('abuse', { by: null })),
    },
    {
      what: 'an order to delete the instance',
      ending: 'gone',
      lose: ({ instance, acme }) => acme.inside(() => instance.destroy(acme.owner)),
    },
  ]
  for (const { what, ending, lose } of losses) {
    test(`${what} closes it within five seconds`, async ({ assert }) => {
      const { acme, instance, path, visitor } = await ground()
      const client = await connect(path, visitor)
      await client.shows(/~# $/)
      await lose({ user: acme.operator, instance, acme, visitor })
      assert.equal(await client.closes(SOON_MS), ending)
    })
  }

  test('staff open it from their own pages, as staff, until they are staff no more', async ({
    assert,
  }) => {
    const { acme, instance, staff } = await ground()
    const person = await staff('operator')
    const visitor = await Visitor.signIn(person.email, PASSWORD)
    const client = await connect(`/admin/instances/${instance.uid}`, visitor)
    await client.shows(/~# $/)
    const [begin] = await audited(acme)
    assert.equal(Number(begin.as_staff), 1)
    await db.from('users').where('id', person.id).update({ staff_role: null })
    assert.equal(await client.closes(SOON_MS), 'no_access')
  })

  test('a stop of the instance ends it', async ({ assert }) => {
    const { acme, instance, path, visitor } = await ground()
    const client = await connect(path, visitor)
    await client.shows(/~# $/)
    await finish(await acme.inside(() => instance.power('stop', acme.owner)))
    assert.equal(await client.closes(), 'stopping')
  })

  test('a cluster that does not answer closes it with that reason', async ({ assert }) => {
    const { fake, path, visitor } = await ground()
    fake.goOffline()
    const client = await connect(path, visitor)
    assert.equal(await client.closes(), 'cluster')
  })

  test('of a stopped instance there is no ticket, and the page tells why', async ({ assert }) => {
    const { acme, instance, path, visitor } = await ground()
    await finish(await acme.inside(() => instance.power('stop', acme.owner)))
    await assert.rejects(() => ConsoleClient.ticket(visitor, path), /E_INSTANCE_NOT_RUNNING/)
    const page = await visitor.read(appUrl, `${path}/console`)
    assert.include(page, 'It must run for this')
    assert.notInclude(page, 'instanceConsole')
  })

  test('a person, and an instance, have so many at once and no more', async ({ assert }) => {
    Object.assign(consoleLimits, { perInstance: 2, perUser: 3 })
    const { acme, path, visitor } = await ground()
    const other = await acme.instance('web-2')
    const otherPath = `${acme.path}/instances/${other.uid}`
    // A ticket is no console yet: the limit holds when they are used at once.
    const tickets = [
      await ConsoleClient.ticket(visitor, path),
      await ConsoleClient.ticket(visitor, path),
      await ConsoleClient.ticket(visitor, path),
    ]
    const answers = await Promise.all(
      tickets.map((ticket) => refusal(path, { cookies: visitor.cookies, ticket }))
    )
    assert.sameMembers(answers, ['opened', 'opened', 429])
    await connect(otherPath, visitor)
    await assert.rejects(() => ConsoleClient.ticket(visitor, otherPath), /429 E_TOO_MANY_CONSOLES/)
    const colleague = await Visitor.signIn(acme.admin.email, PASSWORD)
    await connect(otherPath, colleague)
    opened[0]!.socket.terminate()
    await until('one is closed', async () => (await openRows()) === 3)
    await connect(path, visitor)
  })

  test('nobody at the keys closes it after a while', async ({ assert }) => {
    consoleLimits.idleMs = 600
    const { path, visitor } = await ground()
    const client = await connect(path, visitor)
    for (let round = 0; round < 4; round++) {
      await sleep(250)
      client.type('x')
    }
    assert.isNull(client.ending)
    assert.equal(await client.closes(2_000), 'idle')
  })

  test('a message that is too long, or is nothing a console knows, ends it', async ({ assert }) => {
    const { path, visitor } = await ground()
    const long = await connect(path, visitor)
    long.socket.send(Buffer.alloc(consoleLimits.largestMessage + 1))
    assert.equal(await long.closes(), '1009')
    for (const message of ['hello', '{"columns":0,"rows":4}', '{"columns":80,"rows":"x"}', '[]']) {
      const client = await connect(path, visitor)
      client.socket.send(message)
      assert.equal(await client.closes(), 'malformed', message)
    }
  })

  test('what is typed faster than the limit waits, and none of it is lost', async ({ assert }) => {
    Object.assign(consoleLimits, { inputPerSecond: 8_192, inputBurst: 4_096, leastMessage: 1 })
    const { path, visitor } = await ground()
    const client = await connect(path, visitor)
    await client.shows(/~# $/)
    const since = Date.now()
    for (let part = 0; part < 12; part++) client.type('y'.repeat(1_024))
    await sleep(50)
    // Waits until what came before it is paid for: 12 KiB, of which 4 were free.
    client.type('z')
    await client.shows(/y{12288}z/, 8_000)
    assert.isAbove(Date.now() - since, 850)
  })

  test('a browser that is gone without a word is let go', async ({ assert }) => {
    consoleLimits.pingMs = 200
    const { acme, path, visitor } = await ground()
    const client = await connect(path, visitor)
    client.socket.pause()
    await until('it was closed', async () => (await audited(acme)).length === 2, 3_000)
    const [, end] = await audited(acme)
    assert.equal(factsOf(end.after).ending, 'left')
  })

  test('what a process left open that died is closed by the sweep', async ({ assert }) => {
    const { acme, instance } = await ground()
    const user = acme.operator
    await UserSession.open(user, { method: 'link' })
    const order = { kind: 'shell' as const, holder: user, asStaff: false }
    const ticket = await acme.inside(() => ConsoleSession.issue(instance, order))
    await acme.inside(() => ConsoleSession.redeem(ticket, instance, user))
    const since = DateTime.utc().minus(CONSOLE_LOST_MS * 2)
    await db.from('console_sessions').update({ seen_at: sqlTime(since) })
    await Tenant.system('test', () => ConsoleSession.sweep())
    const [, end] = await audited(acme)
    assert.equal(end.action, 'console.closed')
    assert.equal(end.actor_label, 'system')
    assert.equal(factsOf(end.after).ending, 'lost')
    assert.equal(await openRows(), 0)
  })

  test('neither page, ticket nor answer tells where the cluster is', async ({ assert }) => {
    const { cluster, path, visitor } = await ground()
    const page = await visitor.read(appUrl, `${path}/console`)
    assert.include(page, 'instanceConsole')
    assert.notInclude(page, cluster.endpoint)
    const response = await ConsoleClient.ask(visitor, path)
    assert.deepEqual(Object.keys((await response.json()) as object), ['ticket'])
    assert.equal(response.headers.get('cache-control'), 'no-store')
  })
})
