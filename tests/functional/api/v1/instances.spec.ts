import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import ApiToken from '#models/api_token'
import Instance from '#models/instance'
import Operation from '#models/operation'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type TestTenant } from '#tests/support/world'

async function ground() {
  const given = await world()
  const token = await ApiToken.create(given.acme.owner, { name: 'robot', days: 1 })
  return { ...given, token, home: `/api/v1/organizations/${given.acme.organization.slug}` }
}

const openedBy = (tenant: TestTenant) => tenant.inside(async () => Operation.query().orderBy('id'))
const instancesOf = (tenant: TestTenant) => tenant.inside(async () => Instance.query())

test.group('API for programs', (group) => {
  // Not in a transaction: some requests come at once.
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

  test('orders what it is offered, follows the operation and reads the instance', async ({
    client,
    assert,
  }) => {
    const { acme, home, token } = await ground()
    const images = await client.get(`${home}/images`).bearerToken(token)
    const plans = await client.get(`${home}/plans`).bearerToken(token)
    const order = await client
      .post(`${home}/instances`)
      .bearerToken(token)
      .json({ name: 'web-1', image: images.body().data[0].uid, plan: plans.body().data[0].uid })
    order.assertStatus(202)
    const location = order.header('location')!
    assert.equal(location, `${home}/operations/${order.body().data.operation.uid}`)

    const [operation] = await openedBy(acme)
    await finish(operation!)
    const followed = await client.get(location).bearerToken(token)
    followed.assertBodyContains({ data: { state: 'succeeded', is_open: false } })
    const uid = order.body().data.instance
    const instance = await client.get(`${home}/instances/${uid}`).bearerToken(token)
    instance.assertBodyContains({ data: { name: 'web-1', status: 'running', operation: null } })
    const list = await client.get(`${home}/instances`).bearerToken(token)
    assert.deepEqual(
      list.body().data.map((row: { uid: string }) => row.uid),
      [uid]
    )
    assert.notInclude(JSON.stringify([order.body(), instance.body(), list.body()]), 'assword')
  })

  test('stops and deletes, and says where that is followed', async ({ client, assert }) => {
    const { acme, home, token } = await ground()
    const instance = await acme.instance('web-1')
    const stop = await client
      .post(`${home}/instances/${instance.uid}/power_state`)
      .bearerToken(token)
      .json({ action: 'stop' })
    stop.assertStatus(202)
    const busy = await client.delete(`${home}/instances/${instance.uid}`).bearerToken(token)
    busy.assertStatus(409)
    assert.include(busy.header('content-type'), 'application/problem+json')
    busy.assertBodyContains({ status: 409, code: 'E_INSTANCE_BUSY' })
    const operations = await openedBy(acme)
    await finish(operations.at(-1)!)
    const gone = await client.delete(`${home}/instances/${instance.uid}`).bearerToken(token)
    gone.assertStatus(202)
  })

  test('pages through a long list, each instance once, also {what}')
    .with([
      { what: 'while all are being created', isReady: false },
      { what: 'when all are ready', isReady: true },
    ])
    .run(async ({ client, assert }, { isReady }) => {
      const { acme, home, token } = await ground()
      await acme.lift()
      for (let number = 1; number <= 43; number++) await acme.order(`web-${number}`)
      if (isReady) await acme.allReady()
      const seen: string[] = []
      let after = ''
      do {
        const page = await client
          .get(`${home}/instances`)
          .qs({ size: 20, after })
          .bearerToken(token)
        seen.push(...page.body().data.map((row: { name: string }) => row.name))
        after = page.body().next ?? ''
      } while (after)
      assert.equal(new Set(seen).size, 43)
      assert.lengthOf(seen, 43)
    })

  test('names each field that is wrong, by a code', async ({ client, assert }) => {
    const { home, token } = await ground()
    const response = await client
      .post(`${home}/instances`)
      .bearerToken(token)
      .json({ name: '-', image: 7 })
    response.assertStatus(422)
    response.assertBodyContains({ code: 'E_VALIDATION' })
    assert.sameMembers(
      response
        .body()
        .errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`),
      ['name hostName', 'image string', 'plan required']
    )
  })

  test('says what is wrong with a body that is no JSON', async ({ client }) => {
    const { home, token } = await ground()
    const response = await client
      .post(`${home}/instances`)
      .bearerToken(token)
      .type('application/json')
      .json('{"name": ' as never)
    response.assertStatus(400)
    response.assertBodyContains({ status: 400 })
  })
})

test.group('Idempotency-Key', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

  const order = ({ image, plan }: Awaited<ReturnType<typeof ground>>) => ({
    name: 'web-1',
    image: image.uid,
    plan: plan.uid,
  })

  test('does a request once, and answers a repetition as it answered the first', async ({
    client,
    assert,
  }) => {
    const given = await ground()
    const { acme, home, token } = given
    const send = async () =>
      client
        .post(`${home}/instances`)
        .bearerToken(token)
        .header('idempotency-key', 'order-4711')
        .json(order(given))
    const first = await send()
    const second = await send()
    assert.equal(second.status(), 202)
    assert.deepEqual(second.body(), first.body())
    assert.equal(second.header('location'), first.header('location'))
    assert.equal(second.header('idempotent-replayed'), 'true')
    assert.lengthOf(await instancesOf(acme), 1)
  })

  test('of ten at once makes one, and tells the others to wait or what became of it', async ({
    client,
    assert,
  }) => {
    const given = await ground()
    const { acme, home, token } = given
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () =>
        client
          .post(`${home}/instances`)
          .bearerToken(token)
          .header('idempotency-key', 'order-4712')
          .json(order(given))
      )
    )
    assert.includeMembers([202, 409], [...new Set(answers.map((answer) => answer.status()))])
    assert.lengthOf(await instancesOf(acme), 1)
  })

  test('is refused for another request', async ({ client }) => {
    const given = await ground()
    const { home, token } = given
    const send = async (name: string) =>
      client
        .post(`${home}/instances`)
        .bearerToken(token)
        .header('idempotency-key', 'order-4713')
        .json({ ...order(given), name })
    await send('web-1')
    const other = await send('web-2')
    other.assertStatus(422)
    other.assertBodyContains({ code: 'E_IDEMPOTENCY_KEY_REUSED' })
  })

  test('of one person is nothing to another', async ({ client, assert }) => {
    const given = await ground()
    const { acme, home, token } = given
    const others = await ApiToken.create(acme.admin, { name: 'other', days: 1 })
    const send = async (bearer: string, name: string) =>
      client
        .post(`${home}/instances`)
        .bearerToken(bearer)
        .header('idempotency-key', 'order-4715')
        .json({ ...order(given), name })
    await send(token, 'web-1')
    const second = await send(others, 'web-2')
    second.assertStatus(202)
    assert.lengthOf(await instancesOf(acme), 2)
  })

  test('of one person for another thing of the organization opens that', async ({
    client,
    assert,
  }) => {
    const { acme, home, token } = await ground()
    const instance = await acme.instance('web-1')
    const others = await ApiToken.create(acme.admin, { name: 'other', days: 1 })
    const path = `${home}/instances/${instance.uid}`
    const stop = await client
      .post(`${path}/power_state`)
      .bearerToken(token)
      .header('idempotency-key', 'order-4716')
      .json({ action: 'stop' })
    const operations = await openedBy(acme)
    await finish(operations.at(-1)!)
    const gone = await client
      .delete(path)
      .bearerToken(others)
      .header('idempotency-key', 'order-4716')
    gone.assertStatus(202)
    assert.equal(gone.body().data.operation.type, 'instance.delete')
    assert.notEqual(gone.body().data.operation.uid, stop.body().data.operation.uid)
  })

  test('may be sent again after a conflict has passed', async ({ client }) => {
    const { acme, home, token } = await ground()
    const instance = await acme.instance('web-1')
    const restart = await acme.inside(() => instance.power('restart', acme.owner))
    const send = async () =>
      client
        .post(`${home}/instances/${instance.uid}/power_state`)
        .bearerToken(token)
        .header('idempotency-key', 'order-4717')
        .json({ action: 'stop' })
    const busy = await send()
    busy.assertStatus(409)
    await finish(restart)
    const again = await send()
    again.assertStatus(202)
  })

  test('also keeps a refusal', async ({ client, assert }) => {
    const { home, token } = await ground()
    const send = async () =>
      client
        .post(`${home}/instances`)
        .bearerToken(token)
        .header('idempotency-key', 'order-4714')
        .json({ name: 'web-1', image: 'nothing', plan: 'nothing' })
    const first = await send()
    first.assertStatus(422)
    const second = await send()
    assert.deepEqual(second.body(), first.body())
    assert.equal(second.header('idempotent-replayed'), 'true')
  })
})
