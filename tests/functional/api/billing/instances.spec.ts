import { test } from '@japa/runner'
import { billing } from '#config/billing'
import Instance from '#models/instance'
import Operation from '#models/operation'
import { issueBillingKey, withWorker } from '#tests/support/billing'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type TestTenant } from '#tests/support/world'

/** What the first generation of the plugin sends: numbers as text, in MB and Mbit/s. */
const FIRST = {
  hostname: 'ser992331880255',
  password: 'N3w\'Pa ss"$x23',
  cpu: '1',
  disk: '10240',
  ram: '512',
  system: 'debian12',
  up: '20',
  down: '50',
  ports: 4,
  bandwidth: 100,
}
/** … and the second. */
const SECOND = {
  hostname: 'ser992331880255',
  password: 'secret-8x',
  cpus: 2,
  memory: '256MB',
  disk: '1GB',
  image: 'Debian 12',
  ingress: '100Mbit',
  egress: '50Mbit',
  traffic_limit: 0,
  nat_limit: 0,
}

test.group('Billing API', (group) => {
  // Not in a transaction: requests come at once, and a worker runs beside them.
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => {
    const { waitMs } = billing
    return () => {
      billing.waitMs = waitMs
    }
  })

  const instancesOf = (tenant: TestTenant) =>
    tenant.inside(() => Instance.query().whereNull('deleted_at').preload('addresses'))

  test('tells that it is reached, in the very words that the plugin waits for', async ({
    client,
  }) => {
    const { acme } = await world()
    const response = await client.get('/api/check').header('apikey', await issueBillingKey(acme))
    response.assertStatus(200)
    response.assertBody({ code: 200, msg: 'API连接正常', data: null })
  })

  for (const [generation, order] of Object.entries({ first: FIRST, second: SECOND })) {
    test(`makes a container as the ${generation} generation orders it`, async ({
      client,
      assert,
    }) => {
      const { acme, fake } = await world()
      const apikey = await issueBillingKey(acme)
      const response = await withWorker(async () =>
        client.post('/api/create').header('apikey', apikey).json(order)
      )
      const [instance] = await instancesOf(acme)
      response.assertStatus(200)
      response.assertBody({
        code: 200,
        msg: '容器创建成功',
        data: { dedicatedip: instance!.addresses[0]!.address, assignedips: '' },
      })
      assert.equal(instance!.billingReference, 'ser992331880255')
      assert.equal(instance!.phase, 'running')
      assert.equal(fake.count(), 1)
      assert.include(
        instance!.$attributes,
        generation === 'first'
          ? {
              cpus: 1,
              memoryMib: 512,
              diskGib: 10,
              ingressMbps: 50,
              egressMbps: 20,
              trafficGib: 100,
              portForwardLimit: 4,
            }
          : {
              cpus: 2,
              memoryMib: 256,
              diskGib: 1,
              ingressMbps: 100,
              egressMbps: 50,
              trafficGib: null,
              portForwardLimit: 0,
            }
      )
      assert.isNull(instance!.planId)
    })
  }

  test('gives the plan where one is just so big', async ({ client, assert }) => {
    const { acme, plan } = await world()
    const apikey = await issueBillingKey(acme, { allowsFreeSizes: false })
    const order = { ...FIRST, up: '100', down: '100', ports: 5, bandwidth: 0 }
    const response = await withWorker(async () =>
      client.post('/api/create').header('apikey', apikey).json(order)
    )
    response.assertBodyContains({ code: 200 })
    const [instance] = await instancesOf(acme)
    assert.equal(instance!.planId, plan.id)
  })

  test('refuses a size that no plan has to a key that may not order such', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme, { allowsFreeSizes: false })
    const response = await client.post('/api/create').header('apikey', apikey).json(FIRST)
    response.assertStatus(200)
    response.assertBodyContains({ code: 422 })
    assert.lengthOf(await instancesOf(acme), 0)
  })

  test('makes one container of an order that comes three times at once, and answers alike', async ({
    client,
    assert,
  }) => {
    const { acme, fake } = await world()
    const apikey = await issueBillingKey(acme)
    const order = async () => client.post('/api/create').header('apikey', apikey).json(FIRST)
    const answers = await withWorker(() => Promise.all([order(), order(), order()]))
    for (const answer of answers) assert.deepEqual(answer.body(), answers[0]!.body())
    assert.equal(answers[0]!.body().code, 200)
    assert.lengthOf(await instancesOf(acme), 1)
    assert.equal(fake.count(), 1)
  })

  test('says 409 to another order under the same name', async ({ client }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    await withWorker(async () => client.post('/api/create').header('apikey', apikey).json(FIRST))
    const response = await client
      .post('/api/create')
      .header('apikey', apikey)
      .json({ ...FIRST, ram: '1024' })
    response.assertStatus(200)
    response.assertBodyContains({ code: 409, msg: '容器已存在' })
  })

  test('says that it still runs when the time is over, and a repetition brings the end', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    billing.waitMs = 50
    const first = await client.post('/api/create').header('apikey', apikey).json(FIRST)
    first.assertBodyContains({ code: 202 })
    const operation = await acme.inside(() => Operation.query().firstOrFail())
    assert.equal(first.body().data.task_id, operation.uid)
    const task = async () =>
      client.get('/api/task_status').qs({ task_id: operation.uid }).header('apikey', apikey)
    const waiting = await task()
    waiting.assertBodyContains({ code: 200, data: { status: 'PENDING', result: null } })
    await finish(operation)
    const done = await task()
    done.assertBodyContains({ code: 200, data: { status: 'SUCCESS', result: null } })
    const second = await client.post('/api/create').header('apikey', apikey).json(FIRST)
    second.assertBodyContains({ code: 200, msg: '容器创建成功' })
  })

  test('tries an order again that failed and was taken back', async ({ client, assert }) => {
    const { acme, fake } = await world()
    const apikey = await issueBillingKey(acme)
    fake.failNext('create', { kind: 'invalid' })
    const order = async () => client.post('/api/create').header('apikey', apikey).json(FIRST)
    const failed = await withWorker(order)
    failed.assertStatus(200)
    failed.assertBodyContains({ code: 500, data: null })
    const again = await withWorker(order)
    again.assertBodyContains({ code: 200 })
    const instances = await instancesOf(acme)
    assert.lengthOf(instances, 1)
    assert.equal(instances[0]!.phase, 'running')
  })

  test('starts, stops and restarts, and says yes to what is so already', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    const ask = async (path: string) =>
      client.get(path).qs({ hostname: FIRST.hostname }).header('apikey', apikey)
    await withWorker(async () => {
      await client.post('/api/create').header('apikey', apikey).json(FIRST)
      const told = []
      for (const path of ['stop', 'stop', 'getinfo', 'boot', 'boot', 'reboot', 'getinfo']) {
        const response = await ask(`/api/${path}`)
        const { code, data } = response.body()
        told.push(`${path} ${code} ${data?.Status ?? ''}`.trim())
      }
      assert.deepEqual(told, [
        'stop 200',
        'stop 200',
        'getinfo 200 stop',
        'boot 200',
        'boot 200',
        'reboot 200',
        'getinfo 200 running',
      ])
    })
  })

  test('suspends what is not paid for, keeps it down, and starts it again once it is', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    await withWorker(async () => {
      await client.post('/api/create').header('apikey', apikey).json(FIRST)
      const told = []
      const steps = ['suspend', 'suspend', 'getinfo', 'boot', 'unsuspend', 'unsuspend', 'getinfo']
      for (const step of steps) {
        const response = await client
          .get(`/api/${step}`)
          .qs({ hostname: FIRST.hostname })
          .header('apikey', apikey)
        const { code, data } = response.body()
        told.push(`${step} ${code} ${data?.Status ?? ''}`.trim())
      }
      assert.deepEqual(told, [
        'suspend 200',
        'suspend 200',
        'getinfo 200 frozen',
        'boot 409',
        'unsuspend 200',
        'unsuspend 200',
        'getinfo 200 running',
      ])
    })
  })

  test('leaves it suspended for another reason when the bill is paid', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    await withWorker(async () => {
      await client.post('/api/create').header('apikey', apikey).json(FIRST)
      const ask = async (path: string) =>
        client.get(path).qs({ hostname: FIRST.hostname }).header('apikey', apikey)
      await ask('/api/suspend')
      const [instance] = await instancesOf(acme)
      await acme.inside(() => instance!.suspend('abuse', { by: null }))
      const lifted = await ask('/api/unsuspend')
      assert.equal(lifted.body().code, 200)
      const info = await ask('/api/getinfo')
      assert.equal(info.body().data.Status, 'frozen')
    })
  })

  test('sets a new root password exactly as it is sent, quotes and all', async ({
    client,
    assert,
  }) => {
    const { acme, fake } = await world()
    const apikey = await issueBillingKey(acme)
    const password = `N3w'Pa ss"$x23`
    await withWorker(async () => {
      await client.post('/api/create').header('apikey', apikey).json(SECOND)
      const response = await client
        .post('/api/password')
        .header('apikey', apikey)
        .json({ hostname: SECOND.hostname, password })
      response.assertBodyContains({ code: 200, msg: '密码修改成功' })
    })
    const [instance] = await instancesOf(acme)
    assert.isTrue(fake.isRootPassword(instance!.ref, password))
  })

  test('deletes with all it holds, and the name is free again', async ({ client, assert }) => {
    const { acme, fake } = await world()
    const apikey = await issueBillingKey(acme)
    await withWorker(async () => {
      await client.post('/api/create').header('apikey', apikey).json(FIRST)
      const gone = await client
        .get('/api/delete')
        .qs({ hostname: FIRST.hostname })
        .header('apikey', apikey)
      gone.assertBodyContains({ code: 200 })
      const again = await client
        .get('/api/delete')
        .qs({ hostname: FIRST.hostname })
        .header('apikey', apikey)
      again.assertStatus(200)
      again.assertBodyContains({ code: 404 })
      assert.equal(fake.count(), 0)
      const anew = await client.post('/api/create').header('apikey', apikey).json(FIRST)
      anew.assertBodyContains({ code: 200 })
    })
  })

  test("does not tell another organization's container from one that is not", async ({
    client,
    assert,
  }) => {
    const { acme, globex } = await world()
    const theirs = await issueBillingKey(acme)
    const mine = await issueBillingKey(globex)
    await withWorker(async () => client.post('/api/create').header('apikey', theirs).json(FIRST))
    for (const path of ['getinfo', 'info', 'status', 'boot', 'stop', 'reboot', 'delete']) {
      const answers = await Promise.all(
        [FIRST.hostname, 'never-was'].map((hostname) =>
          client.get(`/api/${path}`).qs({ hostname }).header('apikey', mine)
        )
      )
      assert.equal(answers[0]!.body().code, 404, path)
      assert.deepEqual(answers[0]!.body(), answers[1]!.body(), path)
    }
    const list = await client.get('/api/list').header('apikey', mine)
    list.assertBodyContains({ code: 200, data: [] })
  })

  test('names the field that is wrong: {field}')
    .with([
      { field: '主机名', order: { ...FIRST, hostname: '-x; rm -rf /' } },
      { field: 'CPU', order: { ...FIRST, cpu: '-1' } },
      { field: '内存', order: { ...FIRST, ram: '12 apples' } },
      { field: '磁盘', order: { ...FIRST, disk: '' } },
      { field: '密码', order: { ...FIRST, password: 'two\nlines' } },
      { field: '端口转发数量', order: { ...FIRST, ports: 1.5 } },
    ])
    .run(async ({ client, assert }, { field, order }) => {
      const { acme } = await world()
      const apikey = await issueBillingKey(acme)
      const response = await client.post('/api/create').header('apikey', apikey).json(order)
      response.assertStatus(400)
      assert.equal(response.body().code, 400)
      assert.include(response.body().msg, field)
      assert.lengthOf(await instancesOf(acme), 0)
    })

  test('refuses an image that is not offered before anything is made', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    const response = await client
      .post('/api/create')
      .header('apikey', apikey)
      .json({ ...FIRST, system: 'windows-95' })
    response.assertBodyContains({ code: 422 })
    assert.lengthOf(await instancesOf(acme), 0)
  })
})
