import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import { privateDecrypt, constants } from 'node:crypto'
import ApiToken from '#models/api_token'
import User from '#models/user'
import { testHost } from '#tests/support/licensing'
import { licensing } from '#tests/support/licenses'
import { finish, world } from '#tests/support/world'

type Method = 'get' | 'post' | 'put' | 'delete'
type By = { user?: User; token?: string; csrf?: false }

/** As a program of then: a form, and no word on what it likes to be answered. */
const asking =
  (client: ApiClient) =>
  (method: Method, path: string, by: By, body: object = {}) => {
    const request = client[method](`/license/${path}`).redirects(0)
    if (by.user) request.loginAs(by.user)
    if (by.user && by.csrf !== false) request.withCsrfToken()
    if (by.token) request.header('authorization', `Bearer ${by.token}`)
    if (method === 'get') return request
    return Array.isArray(body) ? request.json(body as never) : request.form(body as never)
  }

const tokenOf = (user: User) => ApiToken.create(user, { name: 'old program', days: 1 })
const GRANT = { expired_time: '2031-05-01', max_vm: 7, max_image: 1, max_user: 3 }

test.group('Addresses of the old licence manager', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.teardown(() => limiter.clear())

  test('an administrator adds, lists, edits and deletes instances', async ({ client, assert }) => {
    const { acme, staff } = await world()
    const { issued } = await licensing()
    const token = await tokenOf(await staff())
    const ask = asking(client)
    const add = (name: string) =>
      ask(
        'post',
        'add_instance',
        { token },
        { ...GRANT, instancename: name, user: acme.owner.email }
      )
    const added = await add('ACME-1')
    assert.equal(added.body().status, 'success')
    assert.deepEqual((await add('ACME-1')).body(), { status: 'fail', data: '实例名已经存在' })
    const nobody = await ask(
      'post',
      'add_instance',
      { token },
      { ...GRANT, instancename: 'X', user: 'x' }
    )
    assert.equal(nobody.body().status, 'fail')
    const { data } = (await ask('get', 'instances', { token })).body()
    assert.deepInclude(data[0], {
      instancename: 'ACME-1',
      max_vm: 7,
      max_user: 3,
      status: 'TOUPLOAD',
      expired_time: '2031-05-01 23:59:59',
      download: 0,
    })
    const { id } = added.body().data
    const edit = { id, instancename: 'ACME-2', max_vm: 9, expired_time: '2032-05-01' }
    assert.equal((await ask('put', 'update_instance', { token }, edit)).body().status, 'success')
    assert.deepInclude(await db.from('licenses').first(), {
      name: 'ACME-2',
      max_vm: 9,
      max_user: 3,
    })
    const frozen = await issued(acme, 'ACME-3')
    const refused = await ask('put', 'update_instance', { token }, { id: frozen.uid, max_vm: 1 })
    assert.deepEqual(refused.body(), { status: 'fail', data: '该实例不能被编辑' })
    const gone = await ask('delete', 'delete_instances', { token }, [id, frozen.uid, 'nothing'])
    assert.deepEqual(gone.body(), {
      status: 'fail',
      success_list: [id],
      fail_list: [frozen.uid, 'nothing'],
    })
    assert.lengthOf(await db.from('licenses'), 1)
  })

  test('an administrator makes, edits, switches off and deletes users', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const admin = await staff()
    const token = await tokenOf(admin)
    const ask = asking(client)
    const made = await ask(
      'post',
      'create_user',
      { token },
      {
        username: 'lilei',
        email: 'lilei@example.com',
        phone: '13800138000',
        organization: 'Qinghe',
        os_auth_url: 'http://10.0.0.1:5000/v2.0',
      }
    )
    assert.equal(made.body().status, 'success')
    assert.match(made.body().data.link, /\/reset-password\//)
    const { id } = made.body().data
    const listed = (await ask('get', 'users', { token })).body().data
    const lilei = listed.find(({ username }: { username: string }) => username === 'lilei')
    assert.deepInclude(lilei, {
      organization: 'Qinghe',
      os_auth_url: 'http://10.0.0.1:5000/v2.0',
      is_active: true,
    })
    assert.notInclude(JSON.stringify(listed), 'password')
    await ask('put', 'update_user', { token }, { id, phone: '13900139000' })
    await ask('post', 'update_user_status', { token }, { id, is_active: 'false' })
    const row = await User.findByOrFail('uid', id)
    assert.equal(row.phone, '13900139000')
    assert.isTrue(row.isDisabled)
    const own = await ask(
      'put',
      'update_user_status',
      { token },
      { id: admin.uid, is_active: 'false' }
    )
    assert.equal(own.body().status, 'fail')
    const gone = await ask('delete', 'delete_users', { token }, [id, admin.uid])
    assert.deepEqual(gone.body().success_list, [id])
    assert.deepEqual(gone.body().fail_list, [admin.uid])
    const mine = await ask('get', 'users', { user: acme.viewer })
    assert.lengthOf(mine.body().data, 1)
  })

  test('an installation sends its host and fetches its file by the token of its licence', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const words = await licensing({ classicEnabled: true, classicOrder: 'users_images' })
    const license = await words.grant(acme, 'acme-desk')
    const token = await acme.inside(() => license.issueToken())
    const upload = (bytes: Buffer, fields = { instanceid: 'acme-desk' }) =>
      client
        .post('/license/upload_hostinfo')
        .header('authorization', `Bearer ${token}`)
        .fields(fields)
        .file('file', bytes, { filename: 'hostinfo' })
    assert.deepEqual((await upload(words.file(license), {} as never)).body(), {
      status: 'instanceid_error',
    })
    const foreign = await upload(words.file(license), { instanceid: 'other' })
    assert.deepEqual(foreign.body(), { status: 'not_exist' })
    assert.deepEqual((await upload(Buffer.from('what'))).body(), { status: 'danger' })
    const large = await upload(Buffer.alloc(1024 * 1024 + 1, 'a'))
    assert.deepEqual(large.body(), { status: 'too_large' })
    assert.deepEqual((await upload(words.file(license))).body(), { status: 'success' })
    const [operation] = await acme.inside(() => license.related('operations').query())
    await finish(operation!)
    const ask = asking(client)
    const made = ask('post', 'download_license', { token }, { instanceid: license.uid }).then(
      (response) => response
    )
    const again = await until(async () => {
      const rows = await acme.inside(() => license.related('operations').query().orderBy('id'))
      return rows[1] ?? null
    })
    await finish(again)
    const { status, url } = (await made).body()
    assert.equal(status, 'success')
    const file = await ask('get', 'static/license/ACME-DESK_LICENSE', { token })
    const text = privateDecrypt(
      { key: testHost().key, padding: constants.RSA_PKCS1_PADDING },
      Buffer.from(file.body().toString(), 'hex')
    ).toString()
    assert.deepEqual(text.split('\n').slice(0, 6), ['100', '80', '20', '400', '1024', '10000'])
    const byLink = await client.get(url)
    byLink.assertStatus(200)
    ;(await client.get(`${url}x`)).assertStatus(401)
    ;(await ask('get', 'static/license/OTHER_LICENSE', { token })).assertStatus(404)
  })

  test('the file is for its holder; to others there is none', async ({ client, assert }) => {
    const { acme, globex } = await world()
    const { issued } = await licensing()
    await issued(acme, 'ACME-DESK')
    const fetched = (by: By) => asking(client)('get', 'static/license/ACME-DESK_LICENSE', by)
    assert.include((await fetched({ user: acme.viewer })).body().toString(), 'PORTICO LICENSE')
    ;(await fetched({ user: globex.owner })).assertStatus(404)
    ;(await fetched({})).assertStatus(401)
    ;(await fetched({ token: 'plt_wrong' })).assertStatus(401)
  })

  test('a session needs its CSRF token, and to be proven before something goes', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const admin = await staff()
    await licensing()
    const ask = asking(client)
    const order = { ...GRANT, instancename: 'ACME-1', user: acme.owner.email }
    ;(await ask('post', 'add_instance', { user: admin, csrf: false }, order)).assertStatus(403)
    assert.lengthOf(await db.from('licenses'), 0)
    assert.equal(
      (await ask('post', 'add_instance', { user: admin }, order)).body().status,
      'success'
    )
    const others = await ask('post', 'add_instance', { user: acme.owner }, order)
    assert.equal(others.body().status, 'fail')
    for (const path of ['delete_users', 'delete_instances', 'add_instance', 'update_user_status']) {
      ;(await ask('get', path, { user: admin })).assertStatus(404)
    }
    const installation = await ask(
      'post',
      'add_instance',
      { token: `plt_${'A'.repeat(32)}` },
      order
    )
    installation.assertStatus(401)
  })

  test('a person with a bookmark is led to the page', async ({ client }) => {
    const { acme, staff } = await world()
    const look = async (path: string, user: User) =>
      client.get(`/license/${path}`).loginAs(user).header('accept', 'text/html').redirects(0)
    ;(await look('instances', await staff())).assertHeader('location', '/admin/licenses')
    ;(await look('instances', acme.viewer)).assertHeader('location', '/')
  })
})

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
