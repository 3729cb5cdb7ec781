import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import { validateDocument } from '#licensing/validation'
import LicenseDocument from '#models/license_document'
import { licensing } from '#tests/support/licenses'
import { finish, world } from '#tests/support/world'

test.group('Licences | pages', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.teardown(() => limiter.clear())

  test('the page tells the next step, takes a file, and hands the licence out', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const { grant, file, document } = await licensing()
    const license = await grant(acme, 'ACME-DESK')
    const path = `${acme.path}/licenses/${license.uid}`
    const page = await client.get(path).loginAs(acme.operator)
    page.assertTextIncludes('Next: upload your host')
    const refused = await client
      .post(`${path}/host_info`)
      .loginAs(acme.operator)
      .withCsrfToken()
      .form({ host_info: 'something' })
    refused.assertTextIncludes('The file is cut off')
    refused.assertTextIncludes('The last upload was refused')
    const sent = await client
      .post(`${path}/host_info`)
      .loginAs(acme.operator)
      .withCsrfToken()
      .redirects(0)
      .file('file', file(license), { filename: 'ACME-DESK.hostinfo' })
    assert.match(sent.header('location')!, /\/operations\//)
    const [operation] = await acme.inside(() => license.related('operations').query())
    await finish(operation!)
    const ready = await client.get(path).loginAs(acme.viewer)
    ready.assertTextIncludes('Next: download the licence')
    const current = (await document(license))!
    const download = await client.get(`${path}/documents/${current.uid}`).loginAs(acme.viewer)
    download.assertHeader('content-disposition', 'attachment; filename="ACME-DESK.license"')
    const ring = await LicenseDocument.ring()
    const { code } = validateDocument(download.body().toString(), {
      ring,
      now: `${new Date().toISOString().slice(0, 19)}Z`,
    })
    assert.equal(code, 'VALID')
    const list = await client.get(`${acme.path}/licenses`).loginAs(acme.viewer)
    list.assertTextIncludes('ACME-DESK')
  })

  test('staff grant, freeze, open, suspend, renew and revoke', async ({ client, assert }) => {
    const { acme, staff } = await world()
    const admin = await staff()
    const { product, issued } = await licensing()
    const granted = await client
      .post('/admin/licenses')
      .loginAs(admin)
      .withCsrfToken()
      .form({
        name: 'ACME-2',
        product: product.uid,
        organization: acme.organization.slug,
        expires: '2031-05-01',
        ...limits(),
      })
    granted.assertTextIncludes('ACME-2 was granted')
    const row = await db.from('licenses').where('name', 'ACME-2').firstOrFail()
    assert.equal(row.max_vm, 7)
    const license = await issued(acme, 'ACME-1')
    const path = `/admin/licenses/${license.uid}`
    const post = (what: string, form = {}) =>
      client.post(`${path}/${what}`).loginAs(admin).withCsrfToken().form(form)
    const shown = await client.get(path).loginAs(admin)
    shown.assertTextIncludes('limits are frozen')
    ;(await post('reopening')).assertTextIncludes('Save')
    ;(await post('suspension', { reason: 'unpaid' })).assertTextIncludes('unpaid')
    await client.delete(`${path}/suspension`).loginAs(admin).withCsrfToken()
    ;(await post('renewal', { expires: '2033-05-01' })).assertStatus(200)
    assert.lengthOf(await db.from('license_renewals'), 1)
    for (const page of [
      '/admin/licenses',
      '/admin/licenses/create',
      '/admin/licensed-products',
      `/admin/licensed-products/${product.uid}/edit`,
      '/admin/licensed-products/create',
      '/admin/signing-keys',
      '/admin/license-ledger',
    ]) {
      ;(await client.get(page).loginAs(admin)).assertStatus(200)
    }
  })

  test('many are granted after every line is good', async ({ client, assert }) => {
    const { acme, staff } = await world()
    const admin = await staff()
    const { product } = await licensing()
    const { slug } = acme.organization
    const send = (rows: string, step: string) =>
      client
        .post('/admin/licenses/imports')
        .loginAs(admin)
        .withCsrfToken()
        .form({ product: product.uid, rows, step })
    const good = `B-1,${slug},2031-01-01,1,2,3,4,5,6`
    const bad = await send(
      `${good}\nB-1,${slug},2031-01-01,1,2,3,4,5,6\nB-2,x,never,1,2,3,4,5,6`,
      'grant'
    )
    bad.assertTextIncludes('named twice')
    bad.assertTextIncludes('date')
    assert.lengthOf(await db.from('licenses'), 0)
    await send(good, 'preview')
    assert.lengthOf(await db.from('licenses'), 0)
    await send(good, 'grant')
    assert.lengthOf(await db.from('licenses').where({ name: 'B-1', max_image: 2, max_user: 3 }), 1)
  })

  test('collector, ring, list and verifiers are there for everybody', async ({ client }) => {
    const { acme, staff } = await world()
    const { issued, checking } = await licensing()
    const license = await issued(acme, 'ACME-1')
    await acme.inside(async () => license.revoke('fraud', await staff()))
    const collector = await client.get('/licensing/collect.sh')
    collector.assertTextIncludes(checking.publicKey.split('\n')[1]!)
    ;(await client.get('/licensing/keys.txt')).assertTextIncludes('Portico key ring 1')
    ;(await client.get('/licensing/revocations.txt')).assertTextIncludes('PORTICO REVOCATIONS')
    ;(await client.get('/licensing/verify.py')).assertTextIncludes('def verify_license')
    ;(await client.get('/licensing/collector.ts')).assertStatus(404)
  })
})

test.group('Licences | online', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.teardown(() => limiter.clear())

  test('an installation activates, validates, beats, fetches and leaves', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const { grant, file, product } = await licensing()
    const license = await grant(acme, 'ACME-DESK')
    const token = await acme.inside(() => license.issueToken())
    const call = (method: 'get' | 'post' | 'delete', path: string, body = {}) => {
      const request = client[method](`/api/v1/licensing/${path}`)
        .accept('json')
        .header('authorization', `Bearer ${token}`)
      return method === 'get' ? request : request.json(body as never)
    }
    const codeOf = async (body = {}) => (await call('post', 'validations', body)).body().code
    assert.equal(await codeOf(), 'NO_ACTIVATION')
    const fingerprint = 'a'.repeat(64)
    const active = await call('post', 'activations', { fingerprint, name: 'desk' })
    active.assertStatus(201)
    assert.equal(await codeOf({ fingerprint }), 'VALID')
    assert.equal(await codeOf({ fingerprint: 'b'.repeat(64) }), 'HOST_MISMATCH')
    assert.equal(await codeOf({ fingerprint, product: 'other' }), 'PRODUCT_MISMATCH')
    assert.equal(await codeOf({ fingerprint, product: product.code }), 'VALID')
    const second = await call('post', 'activations', { fingerprint: 'c'.repeat(64) })
    second.assertStatus(409)
    const { activation } = active.body()
    const beat = await call('post', `activations/${activation}/heartbeats`)
    assert.equal(beat.body().code, 'VALID')
    ;(await call('get', 'document')).assertStatus(409)
    const sent = await call('post', 'host_info', { host_info: file(license).toString() })
    sent.assertStatus(202)
    const [operation] = await acme.inside(() => license.related('operations').query())
    await finish(operation!)
    const fetched = await call('get', 'document')
    assert.include(fetched.body().toString(), 'PORTICO LICENSE')
    ;(await call('delete', `activations/${activation}`)).assertStatus(404)
    await acme.inside(async () => license.suspend('unpaid', await staff()))
    assert.equal(await codeOf(), 'SUSPENDED')
    const stranger = await client
      .post('/api/v1/licensing/validations')
      .header('authorization', 'Bearer plt_wrong')
    stranger.assertStatus(401)
    assert.equal(JSON.parse(stranger.text()).code, 'NOT_FOUND')
  })
})

const limits = () => ({
  max_vm: 7,
  max_image: 1,
  max_user: 1,
  max_vcpu: 1,
  max_vmem: 1,
  max_vdisk: 1,
  max_activations: 1,
})
