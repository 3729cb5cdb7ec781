import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import AuditEvent from '#models/audit_event'
import { queueNamed } from '#services/queue'
import { finish, world } from '#tests/support/world'

test.group('What runs, for staff', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('all instances are listed with organization, cluster and node, and can be narrowed to one', async ({
    client,
    assert,
  }) => {
    const { acme, globex, staff } = await world()
    await acme.instance('web-of-acme')
    await globex.instance('web-of-globex')
    const viewer = await staff('viewer')

    const all = await client.get('/admin/instances?sort=name').loginAs(viewer)
    all.assertStatus(200)
    all.assertTextIncludes('web-of-acme')
    all.assertTextIncludes('web-of-globex')
    all.assertTextIncludes('node-1')
    const one = await client
      .get(`/admin/instances?q=org:${globex.organization.slug}+node:node-1`)
      .loginAs(viewer)
    assert.notInclude(one.text(), 'web-of-acme')
    one.assertTextIncludes('web-of-globex')
  })

  test('all operations are listed, filtered by state and organization', async ({
    client,
    assert,
  }) => {
    const { acme, globex, staff } = await world()
    await acme.instance('web-of-acme')
    await globex.order('web-of-globex')
    const viewer = await staff('viewer')
    const done = await client.get('/admin/operations?state=succeeded').loginAs(viewer)
    done.assertTextIncludes('Create web-of-acme')
    assert.notInclude(done.text(), 'Create web-of-globex')
    const own = await client
      .get(`/admin/operations?org=${globex.organization.slug}`)
      .loginAs(viewer)
    own.assertTextIncludes('Create web-of-globex')
    assert.notInclude(own.text(), 'Create web-of-acme')
  })

  test('one that needs attention tells its cause and offers two ways out, to those who may', async ({
    client,
    assert,
  }) => {
    const { acme, staff, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.failNext('start')
    fake.refuseNext('destroy', { kind: 'unauthorized' })
    await finish(operation)
    assert.equal(operation.state, 'needs_attention')
    const path = `/admin/operations/${operation.uid}`

    const seen = await client.get(path).loginAs(await staff('viewer'))
    seen.assertTextIncludes('Go on where it stopped')
    assert.match(seen.text(), /aria-disabled="true"[^>]*title="Your role does not allow this"/)

    const operator = await staff('operator')
    const short = await client
      .post(`${path}/abandonment`)
      .loginAs(operator)
      .withCsrfToken()
      .header('accept', 'application/json')
      .form({ reason: 'no' })
    short.assertStatus(422)
    assert.equal(short.body().errors[0].field, 'reason')

    await client.post(`${path}/resumption`).loginAs(operator).withCsrfToken().redirects(0)
    await finish(operation)
    assert.equal(operation.state, 'failed')
  })

  test('giving up keeps the reason in the audit log and tells the customer', async ({
    client,
    assert,
  }) => {
    const { acme, staff, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.failNext('start')
    fake.refuseNext('destroy', { kind: 'unauthorized' })
    await finish(operation)
    await client
      .post(`/admin/operations/${operation.uid}/abandonment`)
      .loginAs(await staff('operator'))
      .withCsrfToken()
      .redirects(0)
      .form({ reason: 'The node burned down' })
    await acme.inside(() => operation.refresh())
    assert.equal(operation.state, 'failed')
    const audited = await acme.inside(() =>
      AuditEvent.query().where('action', 'operation.abandoned').firstOrFail()
    )
    assert.include(audited.after, 'The node burned down')
    const page = await client.get(`${acme.path}/operations/${operation.uid}`).loginAs(acme.viewer)
    page.assertTextIncludes('The operators ended it as it stands')
  })

  test('the jobs of each queue are counted, failed ones can be tried again or removed', async ({
    client,
    assert,
    cleanup,
  }) => {
    const { staff } = await world()
    const queue = queueNamed('maintenance')
    cleanup(() => queue.obliterate({ force: true }).catch(() => {}))
    const job = await queue.add('secrets.forget_expired', {})
    const viewer = await staff('viewer')
    const page = await client.get('/admin/jobs?queue=maintenance&state=waiting').loginAs(viewer)
    page.assertStatus(200)
    page.assertTextIncludes('secrets.forget_expired')
    page.assertTextIncludes('no worker')

    const path = `/admin/jobs/maintenance/${job.id}`
    const refused = await client.delete(path).loginAs(viewer).withCsrfToken().redirects(0)
    refused.assertStatus(403)
    const operator = await staff('operator')
    const early = await client
      .post(`${path}/retry`)
      .loginAs(operator)
      .withCsrfToken()
      .accept('json')
    early.assertStatus(409)
    await client.delete(path).loginAs(operator).withCsrfToken().redirects(0)
    assert.isUndefined(await queue.getJob(job.id!))
  })

  test('a queue that does not exist is not there', async ({ client }) => {
    const { staff } = await world()
    const response = await client
      .delete('/admin/jobs/secrets/1')
      .loginAs(await staff('admin'))
      .withCsrfToken()
      .redirects(0)
    response.assertStatus(404)
  })
})
