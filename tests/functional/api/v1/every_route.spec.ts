import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import router from '@adonisjs/core/services/router'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import ApiToken from '#models/api_token'
import { SCOPES, type Scope } from '#models/types'
import { ENDPOINTS } from '#reference/endpoints/index'
import { copiesOf } from '#tests/support/copies'
import { world } from '#tests/support/world'

/*
| What holds for each route of /api/v1 alike, whichever comes to be: its scope, its key for repetitions, and how it
| tells what is wrong with a body.
*/
const PREFIX = '/api/v1/'

/** Installed products have a door of their own. */
const LICENSING = '/api/v1/licensing'

type Method = 'get' | 'post' | 'put' | 'delete'

function routes() {
  return Object.values(router.toJSON())
    .flat()
    .filter(({ pattern }) => pattern.startsWith(PREFIX) && !pattern.startsWith(LICENSING))
    .map(({ methods, pattern, middleware }) => {
      const named = [...middleware.all()].filter((one) => typeof one === 'object')
      const scope = named.find(({ name }) => name === 'scope')?.args as Scope | undefined
      return {
        route: `${methods[0]} ${pattern}`,
        method: methods[0]!.toLowerCase() as Method,
        pattern,
        scope,
        names: named.map(({ name }) => name),
      }
    })
}

async function ground() {
  const { acme } = await world()
  const instance = await acme.instance('web-1')
  const { snapshot, backup } = await acme.inside(() => copiesOf(instance, acme.owner))
  const ids = { instance_id: instance.uid, snapshot_id: snapshot.uid, backup_id: backup.uid }
  const addressOf = (pattern: string) =>
    pattern
      .replace(':organization', acme.organization.slug)
      .replaceAll(/:([a-z_]+)/g, (_, name: string) => ids[name as keyof typeof ids] ?? 'nobody')
  const tokenFor = (scopes: Scope[]) => ApiToken.create(acme.owner, { name: 'x', days: 1, scopes })
  return { addressOf, tokenFor }
}

const send = (client: ApiClient, method: Method, path: string, token: string) =>
  client[method](path).bearerToken(token).header('accept-language', 'en')

test.group('Every route of /api/v1', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))

  test('is closed to a token without its scope, and says which it is', async ({
    client,
    assert,
  }) => {
    const { addressOf, tokenFor } = await ground()
    const withoutScope = new Map<Scope, string>()
    for (const scope of SCOPES) {
      withoutScope.set(scope, await tokenFor(SCOPES.filter((other) => other !== scope)))
    }
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const { route, method, pattern, scope } of routes()) {
      const token = withoutScope.get(scope!)!
      const response = await send(client, method, addressOf(pattern), token)
      const { code, scope: missing } = response.body()
      answers[route] = [response.status(), code, missing]
      expected[route] = [403, 'E_SCOPE_MISSING', scope]
    }
    assert.deepEqual(answers, expected)
  })

  test('changes nothing without the scope that is for changes', ({ assert }) => {
    const open = routes().filter(({ method, scope }) => method !== 'get' && scope === 'read')
    assert.deepEqual(open, [])
  })

  test('that changes something takes an Idempotency-Key', ({ assert }) => {
    const changing = routes().filter(({ method }) => method !== 'get')
    assert.isAbove(changing.length, 20)
    const without = changing.filter(({ names }) => !names.includes('idempotency'))
    assert.deepEqual(
      without.map(({ route }) => route),
      []
    )
  })

  test('names the fields that are missing in its body', async ({ client, assert }) => {
    const { addressOf, tokenFor } = await ground()
    const token = await tokenFor([...SCOPES])
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const { route, body } of ENDPOINTS) {
      const required = (body?.required ?? []) as string[]
      if (!route.includes(PREFIX) || route.includes(LICENSING) || required.length === 0) continue
      const [method, pattern] = route.split(' ') as [string, string]
      const response = await send(
        client,
        method.toLowerCase() as Method,
        addressOf(pattern),
        token
      ).json({} as never)
      const { code, errors = [] } = response.body()
      const fields = errors.map(({ field }: { field: string }) => field)
      answers[route] = [response.status(), code, fields.toSorted()]
      expected[route] = [422, 'E_VALIDATION', required.toSorted()]
    }
    assert.isAbove(Object.keys(expected).length, 8)
    assert.deepEqual(answers, expected)
  })
})
