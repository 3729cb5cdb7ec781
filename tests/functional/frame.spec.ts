import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { world } from '#tests/support/world'

test.group('The frame around a page', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('names the current organization, and offers only those one belongs to', async ({
    assert,
    client,
  }) => {
    const { acme, globex } = await world()
    const page = await client.get(`${acme.path}/members`).loginAs(acme.owner)

    assert.include(page.text(), `href="${acme.path}/instances"`)
    assert.notInclude(page.text(), globex.path)
  })

  test('counts the operations of the current organization, and of nobody else', async ({
    client,
  }) => {
    const { acme, globex } = await world()
    await globex.order('web-1')
    const quiet = await client.get(`${acme.path}/members`).loginAs(acme.owner)
    quiet.assertTextIncludes('x-ref="count">0<')

    await acme.order('web-1')
    const busy = await client.get(`${acme.path}/members`).loginAs(acme.owner)
    busy.assertTextIncludes('x-ref="count">1<')
  })

  test('counts all of them for staff', async ({ client }) => {
    const { acme, globex, staff } = await world()
    await acme.order('web-1')
    await globex.order('web-1')
    const page = await client.get('/admin/users').loginAs(await staff('viewer'))
    page.assertTextIncludes('x-ref="count">2<')
  })

  test('leads staff into their area, and nobody else', async ({ assert, client }) => {
    const { acme, staff } = await world()
    const customer = await client.get('/account/profile').loginAs(acme.viewer)
    assert.notInclude(customer.text(), 'href="/admin"')
    const operator = await client.get('/account/profile').loginAs(await staff('operator'))
    assert.include(operator.text(), 'href="/admin"')
  })
})
