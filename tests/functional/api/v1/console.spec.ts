import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import { consoleLimits } from '#config/console'
import { forgetRefusals } from '#exceptions/refusal_log'
import ApiToken from '#models/api_token'
import Membership from '#models/membership'
import type { Scope } from '#models/types'
import type User from '#models/user'
import { ConsoleClient } from '#tests/support/console_client'
import { until } from '#tests/support/processes'
import { world } from '#tests/support/world'

/** Rights that are gone are noticed within this time. */
const SOON_MS = 5_000

/** Over real sockets, as programs hold them: no cookie, and no page that asks. */
test.group('Console over the API', (group) => {
  let opened: ConsoleClient[] = []

  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(async () => {
    await limiter.clear(['memory'])
    forgetRefusals()
    opened = []
    const limits = { ...consoleLimits }
    return async () => {
      Object.assign(consoleLimits, limits)
      for (const client of opened) client.socket.terminate()
      // The end is written down before the transaction of the test is rolled back.
      await until('no console is open', async () => {
        const open = db.from('console_sessions').whereNotNull('opened_at').whereNull('closed_at')
        return (await open.first()) === null
      })
    }
  })

  async function ground(client: ApiClient) {
    const built = await world()
    const instance = await built.acme.instance('web-1')
    const home = `/api/v1/organizations/${built.acme.organization.slug}`
    const path = `${home}/instances/${instance.uid}`
    const tokenOf = (user: User, scopes?: Scope[]) =>
      ApiToken.create(user, { name: 'robot', days: 1, scopes })
    const ask = (token: string, kind = 'shell') =>
      client
        .post(`${path}/console/tickets`)
        .json({ kind } as never)
        .bearerToken(token)
        .header('accept-language', 'en')
    const ticketFor = async (token: string, kind = 'shell') => {
      const response = await ask(token, kind)
      response.assertStatus(201)
      return response.body().data.ticket as string
    }
    const token = await tokenOf(built.acme.operator)
    return { ...built, instance, path, token, tokenOf, ask, ticketFor }
  }

  const connect = async (path: string, wish: { token?: string; ticket: string }) => {
    const answer = await ConsoleClient.open(path, { origin: null, ...wish })
    if (answer instanceof ConsoleClient) opened.push(answer)
    return answer
  }

  const status = async (...asked: Parameters<typeof connect>) => {
    const answer = await connect(...asked)
    return 'status' in answer ? answer.status : 'opened'
  }

  const open = async (path: string, token: string, ticket: string) => {
    const answer = await connect(path, { token, ticket })
    if (!(answer instanceof ConsoleClient)) throw new Error(`refused with ${answer.status}`)
    return answer
  }

  test('opens without a cookie and without an origin, and takes what is typed', async ({
    client,
    assert,
  }) => {
    const { path, token, ask } = await ground(client)
    const kinds = await client.get(`${path}/console`).bearerToken(token)
    const known = { kinds: ['shell', 'serial', 'screen'], is_running: true }
    assert.deepEqual(kinds.body(), { data: known })
    const { data } = (await ask(token)).body()
    assert.equal(new URL(data.url).pathname, `${path}/console/socket`)
    assert.deepEqual(data.protocols, ['portico.console', `ticket.${data.ticket}`])
    assert.equal(data.expires_in, 30)
    const shell = await open(path, token, data.ticket)
    await shell.shows(/~# $/)
    shell.type('stty size\r')
    await shell.shows(/\b24 80\b/)
  })

  test('a page of another site may be named: no page can send a token', async ({
    client,
    assert,
  }) => {
    const { path, token, ticketFor } = await ground(client)
    const wish = { token, ticket: await ticketFor(token), origin: 'https://elsewhere.example' }
    assert.equal(await status(path, wish), 'opened')
  })

  test('a ticket opens one console, once', async ({ client, assert }) => {
    const { path, token, ticketFor } = await ground(client)
    const wish = { token, ticket: await ticketFor(token) }
    const answers = await Promise.all(Array.from({ length: 4 }, () => status(path, wish)))
    assert.sameMembers(answers, ['opened', 403, 403, 403])
  })

  test('a ticket without its token, or with another one, opens nothing', async ({
    client,
    assert,
  }) => {
    const { acme, globex, path, token, tokenOf, ticketFor } = await ground(client)
    const others = {
      'nobody': undefined,
      'another token of the same person': await tokenOf(acme.operator),
      'a colleague': await tokenOf(acme.owner),
      'a stranger': await tokenOf(globex.owner),
      'a viewer': await tokenOf(acme.viewer),
      'no scope': await tokenOf(acme.operator, ['read', 'access']),
    }
    const answers: Record<string, unknown> = {}
    for (const [who, other] of Object.entries(others)) {
      answers[who] = await status(path, { token: other, ticket: await ticketFor(token) })
    }
    assert.deepEqual(answers, {
      'nobody': 401,
      'another token of the same person': 403,
      'a colleague': 403,
      'a stranger': 404,
      'a viewer': 403,
      'no scope': 403,
    })
  })

  test('each refusal has its own sentence', async ({ client, assert }) => {
    const { acme, path, token, tokenOf, ask } = await ground(client)
    const told = async (response: Awaited<ReturnType<typeof ask>>) => {
      const { code, detail } = response.body()
      return [response.status(), code, detail]
    }
    assert.deepEqual(await told(await ask(await tokenOf(acme.operator, ['read']))), [
      403,
      'E_SCOPE_MISSING',
      'The token was made without the scope console.',
    ])
    const [status422, code] = await told(await ask(token, 'vnc-of-old'))
    assert.deepEqual([status422, code], [422, 'E_VALIDATION'])
    const plain = await client.get(`${path}/console/socket`).bearerToken(token)
    assert.deepEqual([plain.status(), plain.body().code], [426, 'E_UPGRADE_REQUIRED'])
  })

  test('a second answer never holds the ticket of the first', async ({ client, assert }) => {
    const { path, token } = await ground(client)
    const ask = () =>
      client
        .post(`${path}/console/tickets`)
        .json({ kind: 'shell' } as never)
        .bearerToken(token)
        .header('idempotency-key', 'console-1')
    const [first, second] = [await ask(), await ask()]
    assert.notEqual(first.body().data.ticket, second.body().data.ticket)
    const rows = JSON.stringify(await db.from('idempotency_keys').select('*'))
    assert.notInclude(rows, first.body().data.ticket)
  })

  const endings: [what: string, end: (given: Awaited<ReturnType<typeof ground>>) => unknown][] = [
    [
      'revoking the token',
      async ({ acme }) => {
        const [token] = await ApiToken.all(acme.operator)
        await ApiToken.revoke(acme.operator, ApiToken.handleOf(token!))
      },
    ],
    [
      'the end of the token',
      () => db.from('auth_access_tokens').update({ expires_at: new Date(Date.now() - 1_000) }),
    ],
    ['disabling the person', ({ acme }) => acme.operator.disable()],
    [
      'losing the role',
      ({ acme }) =>
        Membership.query().where('user_id', acme.operator.id).update({ role: 'viewer' }),
    ],
  ]

  for (const [what, end] of endings) {
    test(`${what} closes it within five seconds`, async ({ client, assert }) => {
      const given = await ground(client)
      const { path, token, ticketFor } = given
      const shell = await open(path, token, await ticketFor(token))
      await shell.shows(/~# $/)
      await end(given)
      assert.include(['signed_out', 'no_access'], await shell.closes(SOON_MS))
    })
  }

  test('who opened it, and by which means, is recorded', async ({ client, assert }) => {
    const { acme, path, token, ticketFor } = await ground(client)
    const shell = await open(path, token, await ticketFor(token))
    await shell.shows(/~# $/)
    shell.socket.close()
    const events = () =>
      db
        .from('audit_events')
        .where('organization_id', acme.organization.id)
        .where('action', 'like', 'console.%')
        .orderBy('position')
        .select('action', 'actor_kind', 'actor_label')
    await until('it is recorded', async () => (await events()).length === 2)
    assert.deepEqual(
      (await events()).map(({ action, actor_kind: kind }) => [action, kind]),
      [
        ['console.opened', 'token'],
        ['console.closed', 'token'],
      ]
    )
  })
})
