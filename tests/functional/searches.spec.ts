import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { world } from '#tests/support/world'

test.group('Search of the palette', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('finds an instance by name, by address and by id', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const { address } = await acme.inside(() => web.related('addresses').query().firstOrFail())

    for (const wanted of ['web', address, web.uid]) {
      const response = await client
        .get(`${acme.path}/search`)
        .qs({ q: wanted })
        .loginAs(acme.viewer)
      response.assertStatus(200)
      assert.include(response.text(), `href="${acme.path}/instances/${web.uid}"`)
    }
  })

  test("never finds another organization's instance", async ({ client, assert }) => {
    const { acme, globex } = await world()
    const web = await acme.instance('web-1')

    const response = await client
      .get(`${globex.path}/search`)
      .qs({ q: web.uid })
      .loginAs(globex.owner)

    response.assertStatus(200)
    assert.notInclude(response.text(), web.uid)
  })

  test('staff find it over all organizations, with the name of its owner', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const web = await acme.instance('web-1')

    const response = await client
      .get('/admin/search')
      .qs({ q: 'web' })
      .loginAs(await staff('viewer'))

    assert.include(response.text(), web.uid)
    assert.include(response.text(), 'Acme')
  })
})
