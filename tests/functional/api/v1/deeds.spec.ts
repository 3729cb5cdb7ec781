import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import type { ApiClient, ApiResponse } from '@japa/api-client'
import ApiToken from '#models/api_token'
import Operation from '#models/operation'
import Plan from '#models/plan'
import { backupOf, snapshotOf } from '#tests/support/copies'
import { furtherNetwork } from '#tests/support/networks'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, ROOT_PASSWORD, world } from '#tests/support/world'

const SSH_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V ada@example.com'

async function ground(client: ApiClient) {
  const given = await world()
  const { acme } = given
  const web = await acme.instance('web-1')
  const token = await ApiToken.create(acme.owner, { name: 'robot', days: 1 })
  const home = `/api/v1/organizations/${acme.organization.slug}`
  const ask = (
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
    body?: object,
    key = ''
  ) => {
    const request = client[method](`${home}${path}`).bearerToken(token)
    request.header('accept-language', 'en')
    if (key) request.header('idempotency-key', key)
    return Promise.resolve(body ? request.json(body as never) : request)
  }
  /** … and has a worker do it; fails when it is not answered as something that goes on. */
  const done = async (...asked: Parameters<typeof ask>): Promise<ApiResponse> => {
    const response = await ask(...asked)
    response.assertStatus(202)
    const { uid } = response.body().data.operation
    response.assertHeader('location', `${home}/operations/${uid}`)
    await finish(await acme.inside(() => Operation.findByOrFail('uid', uid)))
    const followed = await client.get(response.header('location')!).bearerToken(token)
    followed.assertBodyContains({ data: { state: 'succeeded' } })
    return response
  }
  const count = () => acme.inside(async () => (await Operation.query()).length)
  return { ...given, web, home, one: `/instances/${web.uid}`, token, ask, done, count }
}

const refused = (response: ApiResponse, status: number, told: object) => {
  response.assertStatus(status)
  response.assertBodyContains({ status, ...told })
}

test.group('Deeds over the API', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

  test('forwards a port, tells it at once, and takes it away', async ({ client, assert }) => {
    const { cluster, fake, web, one, ask, done } = await ground(client)
    await portPool(cluster)
    const pools = await ask('get', `${one}/port_pools`)
    const [pool] = pools.body().data
    assert.deepEqual([pool.address, pool.ports], ['203.0.113.7', '20000-20999'])
    const order = {
      protocol: 'both',
      target_port: 8000,
      port: 20_100,
      pool: pool.uid,
      note: 'shop',
    }
    const made = await done('post', `${one}/port_forwards`, order)
    const told = made.body().data.port_forwards
    assert.deepEqual(
      told.map(({ protocol, first_port: port, state }: never) => [protocol, port, state]),
      [
        ['tcp', 20_100, 'creating'],
        ['udp', 20_100, 'creating'],
      ]
    )
    assert.equal(fake.reach('203.0.113.7', 'tcp', 20_100), `${web.ref}:8000`)
    const list = await ask('get', `${one}/port_forwards`)
    assert.equal(list.body().data.at(-1).state, 'active')
    refused(await ask('post', `${one}/port_forwards`, { ...order, protocol: 'tcp' }), 422, {
      code: 'E_PORT_TAKEN',
      field: 'port',
    })
    refused(await ask('post', `${one}/port_forwards`, { ...order, pool: 'nothing' }), 409, {
      code: 'E_NO_PORT_POOL',
      field: 'port',
    })
    await done('delete', `${one}/port_forwards/${told[0].uid}`)
    assert.isNull(fake.reach('203.0.113.7', 'tcp', 20_100))
    refused(await ask('delete', `${one}/port_forwards/${told[0].uid}`), 404, {
      code: 'E_NOT_FOUND',
    })
  })

  test('attaches it to a network on offer, tells its cards, and detaches it', async ({
    client,
    assert,
  }) => {
    const given = await ground(client)
    const { acme, web, one, ask, done } = given
    refused(await ask('post', `${one}/interfaces`, { network: 'private' }), 422, {
      code: 'E_NETWORK_NOT_OFFERED',
      field: 'network',
    })
    await furtherNetwork(given, { families: [4, 6] })
    const networks = await ask('get', `${one}/networks`)
    assert.deepEqual(networks.body().data, [{ name: 'private', families: [4, 6] }])
    await done('post', `${one}/interfaces`, { network: 'private' })
    const listed = await ask('get', `${one}/interfaces`)
    const [first, card] = listed.body().data
    assert.deepInclude(first, { uid: null, name: 'eth0', state: 'attached' })
    assert.deepInclude(card, { name: 'eth1', network: 'private', state: 'attached' })
    assert.deepEqual(
      card.addresses.map(({ family }: { family: number }) => family),
      [4, 6]
    )
    refused(await ask('post', `${one}/interfaces`, { network: 'private' }), 422, {
      code: 'E_NETWORK_NOT_OFFERED',
      field: 'network',
    })
    const { organization } = acme
    const rows = await acme.inside(() =>
      organization.related('instances').query().where('id', web.id).preload('addresses')
    )
    assert.lengthOf(rows[0]!.addresses, 1)
    await done('delete', `${one}/interfaces/${card.uid}`)
    refused(await ask('delete', `${one}/interfaces/${card.uid}`), 404, { code: 'E_NOT_FOUND' })
  })

  test('takes a snapshot, restores and deletes it', async ({ client, assert }) => {
    const { one, ask, done } = await ground(client)
    const taken = await done('post', `${one}/snapshots`, { name: 'before', keep_days: 7 })
    const { uid, state } = taken.body().data.snapshot
    assert.equal(state, 'creating')
    const list = await ask('get', `${one}/snapshots`)
    assert.deepEqual(
      list.body().data.map((row: Record<string, unknown>) => [row.uid, row.name, row.state]),
      [[uid, 'before', 'active']]
    )
    assert.isNotNull(list.body().data[0].expires_at)
    refused(await ask('post', `${one}/snapshots`, { name: 'before' }), 422, {
      code: 'E_SNAPSHOT_NAME_TAKEN',
      field: 'name',
    })
    await done('post', `${one}/snapshots/${uid}/restoration`)
    await done('delete', `${one}/snapshots/${uid}`)
    const none = await ask('get', `${one}/snapshots`)
    assert.deepEqual(none.body().data, [])
  })

  test('sets {kind} schedules, one of each rhythm, and ends them')
    .with([{ kind: 'snapshot' }, { kind: 'backup' }])
    .run(async ({ client, assert }, { kind }) => {
      const { one, ask } = await ground(client)
      const path = `${one}/${kind}_schedules`
      const wish = { rhythm: 'daily', keep: 2, hour: 3, weekday: 1 }
      const set = await ask('post', path, wish)
      set.assertStatus(201)
      const again = await ask('post', path, { ...wish, keep: 3 })
      assert.equal(again.body().data.uid, set.body().data.uid)
      const list = await ask('get', path)
      assert.deepEqual(
        list.body().data.map(({ keep }: { keep: number }) => keep),
        [3]
      )
      refused(await ask('post', path, { ...wish, keep: 900 }), 422, { code: 'E_KEEPS_TOO_MANY' })
      const ended = await ask('delete', `${path}/${set.body().data.uid}`)
      ended.assertStatus(204)
      const none = await ask('get', path)
      assert.deepEqual(none.body().data, [])
    })

  test('makes a backup, hands it out, restores it as another instance and deletes it', async ({
    client,
    assert,
  }) => {
    const { plan, home, one, token, ask, done } = await ground(client)
    const made = await done('post', `${one}/backups`, { name: 'before' })
    const { uid } = made.body().data.backup
    const shown = await ask('get', `/backups/${uid}`)
    const { state, size_bytes: size, sha256 } = shown.body().data
    assert.equal(state, 'available')
    const archive = await client.get(`${home}/backups/${uid}/archive`).bearerToken(token)
    archive.assertStatus(200)
    assert.equal(archive.header('content-length'), String(size))
    assert.equal(
      archive.header('digest'),
      `sha-256=${Buffer.from(sha256, 'hex').toString('base64')}`
    )
    refused(await ask('post', `/backups/${uid}/restoration`, { name: 'again', plan: 'x' }), 422, {
      code: 'E_PLAN_NOT_OFFERED',
      field: 'plan',
    })
    const order = { name: 'again', plan: plan.uid }
    const restored = await done('post', `/backups/${uid}/restoration`, order)
    const copy = await ask('get', `/instances/${restored.body().data.instance}`)
    copy.assertBodyContains({ data: { name: 'again', status: 'running' } })
    const gone = await ask('delete', `/backups/${uid}`)
    gone.assertStatus(204)
    const none = await ask('get', '/backups')
    assert.deepEqual(none.body().data, [])
  })

  test('pages through backups', async ({ client, assert }) => {
    const { acme, web, ask } = await ground(client)
    await acme.lift()
    for (const name of ['one', 'two', 'three']) await backupOf(acme, web, name)
    const page = await ask('get', '/backups?size=20')
    assert.deepEqual(
      page.body().data.map(({ name }: { name: string }) => name),
      ['three', 'two', 'one']
    )
    assert.isNull(page.body().next)
  })

  test('builds it anew: the image is one of its own, and the password is told once', async ({
    client,
    assert,
  }) => {
    const { one, ask, done } = await ground(client)
    const images = await ask('get', `${one}/images`)
    const [image] = images.body().data
    refused(
      await ask('post', `${one}/reinstallation`, { image: 'x', password_choice: 'generated' }),
      422,
      { code: 'E_IMAGE_NOT_OFFERED', field: 'image' }
    )
    const order = { image: image.uid, password_choice: 'generated', ssh_keys: SSH_KEY }
    const built = await done('post', `${one}/reinstallation`, order)
    const told = await ask('post', `${one}/root_password`, undefined, 'password-1')
    told.assertStatus(200)
    assert.match(told.body().data.password, /^\w{24}$/)
    assert.equal(told.header('cache-control'), 'no-store')
    assert.notInclude(JSON.stringify(built.body()), told.body().data.password)
    const again = await ask('post', `${one}/root_password`, undefined, 'password-1')
    refused(again, 409, { code: 'E_SECRET_GONE' })
    assert.notInclude(again.text(), told.body().data.password)
  })

  test('resets the password: made up and told once, or chosen and never told', async ({
    client,
    assert,
  }) => {
    const { one, ask, done } = await ground(client)
    await done('post', `${one}/password_resets`, { password_choice: 'generated' })
    const told = await ask('post', `${one}/root_password`)
    assert.match(told.body().data.password, /^\w{24}$/)
    const own = { password_choice: 'own', password: ROOT_PASSWORD }
    const reset = await done('post', `${one}/password_resets`, own)
    assert.notInclude(reset.text(), ROOT_PASSWORD)
    refused(await ask('post', `${one}/root_password`), 409, { code: 'E_SECRET_GONE' })
    const short = await ask('post', `${one}/password_resets`, { ...own, password: 'short' })
    refused(short, 422, { code: 'E_VALIDATION' })
    assert.equal(short.body().errors[0].field, 'password')
    assert.notInclude(short.text(), '"short"')
  })

  test('changes its name and its plan', async ({ client, assert }) => {
    const { cluster, plan, one, ask, done } = await ground(client)
    await done('put', `${one}/name`, { name: 'shop-1' })
    const same = await ask('put', `${one}/name`, { name: 'shop-1' })
    same.assertStatus(200)
    assert.isNull(same.body().data.operation)
    const larger = await Plan.create({
      name: `larger-${plan.name}`,
      kind: 'container',
      cpus: 2,
      memoryMib: 1_024,
      diskGib: 20,
      snapshotLimit: 3,
      portForwardLimit: 5,
      position: 2,
    })
    await cluster.related('plans').attach([larger.id])
    const choices = await ask('get', `${one}/plans`)
    assert.deepEqual(
      choices.body().data.map(({ uid, refusal }: never) => [uid, refusal]),
      [
        [plan.uid, 'current'],
        [larger.uid, null],
      ]
    )
    refused(await ask('put', `${one}/plan`, { plan: 'nothing' }), 422, {
      code: 'E_PLAN_NOT_OFFERED',
      field: 'plan',
    })
    await done('put', `${one}/plan`, { plan: larger.uid })
    const shown = await ask('get', one)
    shown.assertBodyContains({ data: { name: 'shop-1', cpus: 2, plan: { uid: larger.uid } } })
    refused(await ask('put', `${one}/plan`, { plan: plan.uid }), 422, {
      code: 'E_DISK_CANNOT_SHRINK',
      field: 'plan',
    })
  })

  test('puts keys in and takes them out', async ({ client, assert }) => {
    const { one, ask, done } = await ground(client)
    await done('post', `${one}/ssh_keys`, { ssh_keys: SSH_KEY })
    const keys = await ask('get', `${one}/ssh_keys`)
    const [key] = keys.body().data
    assert.equal(key.comment, 'ada@example.com')
    const same = await ask('post', `${one}/ssh_keys`, { ssh_keys: SSH_KEY })
    same.assertStatus(200)
    await done('delete', `${one}/ssh_keys/${key.uid}`)
    refused(await ask('delete', `${one}/ssh_keys/${key.uid}`), 404, { code: 'E_NOT_FOUND' })
    const bad = await ask('post', `${one}/ssh_keys`, { ssh_keys: 'ssh-rsa nonsense' })
    refused(bad, 422, { code: 'E_VALIDATION' })
    assert.equal(bad.body().errors[0].field, 'ssh_keys')
  })

  test('keeps keys with the account, to choose among them', async ({ client, assert }) => {
    const { acme, token, one, ask, done } = await ground(client)
    const path = '/api/v1/ssh_keys'
    const keep = async (bearer: string) =>
      client.post(path).bearerToken(bearer).json({ ssh_keys: SSH_KEY })
    const kept = await keep(token)
    kept.assertStatus(201)
    refused(await keep(token), 422, { code: 'E_KEY_KEPT', field: 'ssh_keys' })
    const [{ uid }] = kept.body().data
    await done('post', `${one}/ssh_keys`, { kept_keys: [uid] })
    const inside = await ask('get', `${one}/ssh_keys`)
    assert.equal(inside.body().data[0].public_key, SSH_KEY)
    const others = await ApiToken.create(acme.admin, { name: 'other', days: 1 })
    const theirs = await client.delete(`${path}/${uid}`).bearerToken(others)
    refused(theirs, 404, { code: 'E_NOT_FOUND' })
    const gone = await client.delete(`${path}/${uid}`).bearerToken(token)
    gone.assertStatus(204)
    const none = await client.get(path).bearerToken(token)
    assert.deepEqual(none.body().data, [])
  })

  test('applies its settings again and starts it', async ({ client, assert }) => {
    const { one, ask, done } = await ground(client)
    await done('post', `${one}/power_state`, { action: 'force_stop' })
    await done('post', `${one}/rescue`)
    const shown = await ask('get', `${one}/rescue`)
    assert.isNull(shown.body().data.failed_operation)
  })

  test('cancels what waits, and tries again what was cancelled', async ({ client, assert }) => {
    const { acme, one, ask, done } = await ground(client)
    const stop = await ask('post', `${one}/power_state`, { action: 'stop' })
    const { uid } = stop.body().data.operation
    const cancelled = await ask('post', `/operations/${uid}/cancellation`)
    cancelled.assertStatus(202)
    const again = await ask('post', `/operations/${uid}/cancellation`)
    refused(again, 409, { code: 'E_NOT_POSSIBLE_NOW' })
    assert.equal(cancelled.body().data.uid, uid)
    const operation = await acme.inside(() => Operation.findByOrFail('uid', uid))
    await finish(operation)
    assert.equal(operation.state, 'cancelled')
    await done('post', `/operations/${uid}/retry`)
  })

  test('asked twice with one key does it once: {path}')
    .with([
      { path: 'snapshots', body: { name: 'before' } },
      { path: 'backups', body: { name: 'before' } },
      { path: 'password_resets', body: { password_choice: 'generated' } },
      { path: 'ssh_keys', body: { ssh_keys: SSH_KEY } },
      { path: 'port_forwards', body: { protocol: 'tcp', target_port: '80' } },
      { path: 'interfaces', body: { network: 'private' } },
      { path: 'rescue', body: {} },
    ])
    .run(async ({ client, assert }, { path, body }) => {
      const given = await ground(client)
      const { cluster, one, ask, count } = given
      await portPool(cluster)
      await furtherNetwork(given)
      const before = await count()
      const first = await ask('post', `${one}/${path}`, body, 'key-1')
      first.assertStatus(202)
      const second = await ask('post', `${one}/${path}`, body, 'key-1')
      assert.deepEqual(second.body(), first.body())
      assert.equal(second.header('idempotent-replayed'), 'true')
      assert.equal(await count(), before + 1)
      const other = await ask('post', `${one}/${path}`, { ...body, more: 1 }, 'key-1')
      refused(other, 422, { code: 'E_IDEMPOTENCY_KEY_REUSED' })
    })
})

test.group('What the API tells of an instance', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

  test('its usage by range, and no range that there is not', async ({ client, assert }) => {
    const { one, ask } = await ground(client)
    const hour = await ask('get', `${one}/usage?range=hour`)
    hour.assertBodyContains({ data: { range: 'hour', step_seconds: 60 } })
    const day = await ask('get', `${one}/usage`)
    day.assertBodyContains({ data: { range: 'day' } })
    const decade = await ask('get', `${one}/usage?range=decade`)
    refused(decade, 422, { code: 'E_VALIDATION' })
    assert.equal(decade.body().errors[0].field, 'range')
    const traffic = await ask('get', `${one}/traffic`)
    traffic.assertBodyContains({ data: { used_bytes: 0, allowed_gib: null } })
  })

  test('why it is suspended, and nothing that staff noted', async ({ client, assert }) => {
    const { acme, staff, web, one, ask } = await ground(client)
    const by = await staff()
    await acme.inside(() => web.suspend('abuse', { by, note: 'complaint 4711' }))
    const suspensions = await ask('get', `${one}/suspensions`)
    assert.equal(suspensions.body().data[0].reason, 'abuse')
    assert.notInclude(suspensions.text(), '4711')
    assert.notInclude(suspensions.text(), by.email)
  })

  test('of a snapshot of another instance nothing', async ({ client }) => {
    const { acme, globex, one, ask } = await ground(client)
    const others = await globex.instance('theirs')
    const theirs = await snapshotOf(globex, others, 'before')
    const own = await snapshotOf(acme, await acme.instance('web-2'), 'before')
    for (const { uid } of [theirs, own]) {
      refused(await ask('post', `${one}/snapshots/${uid}/restoration`), 404, {})
      refused(await ask('delete', `${one}/snapshots/${uid}`), 404, {})
    }
  })
})

test.group('What the API tells of an organization', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

  test('its members, page by page', async ({ client, assert }) => {
    const { acme, ask } = await ground(client)
    const members = await ask('get', '/members')
    assert.includeMembers(
      members.body().data.map(({ email, role }: never) => `${email} ${role}`),
      [`${acme.owner.email} owner`, `${acme.viewer.email} viewer`]
    )
  })

  test('what was done, to its admins, and where the list goes on', async ({ client, assert }) => {
    const { acme, one, home, ask, done } = await ground(client)
    await done('post', `${one}/power_state`, { action: 'stop' })
    const log = await ask('get', '/activity?action=instance.power_requested')
    const [event] = log.body().data
    assert.deepEqual([event.action, event.outcome], ['instance.power_requested', 'succeeded'])
    assert.isNotNull(event.by_program)
    const viewers = await ApiToken.create(acme.viewer, { name: 'viewer', days: 1 })
    const closed = await client.get(`${home}/activity`).bearerToken(viewers)
    closed.assertStatus(403)
  })
})
