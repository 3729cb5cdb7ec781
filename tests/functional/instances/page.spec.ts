import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { world } from '#tests/support/world'

test.group('Page of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('tells its state, how to connect, its size and its history with the actor', async ({
    client,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const { address } = await acme.inside(() => web.related('addresses').query().firstOrFail())

    const response = await client.get(`${acme.path}/instances/${web.uid}`).loginAs(acme.viewer)

    response.assertStatus(200)
    response.assertTextIncludes('Running')
    response.assertTextIncludes(`ssh root@${address}`)
    response.assertTextIncludes('Create web-1')
    response.assertTextIncludes(acme.owner.fullName!)
  })

  test('what cannot be done now is there, disabled, and says why', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const path = `${acme.path}/instances/${web.uid}`

    const running = await client.get(path).loginAs(acme.owner)
    assert.match(running.text(), /aria-disabled="true"[^>]*title="It is running already"/)
    const viewed = await client.get(path).loginAs(acme.viewer)
    assert.match(viewed.text(), /aria-disabled="true"[^>]*title="Your role does not allow this"/)
  })

  test('the overview, the history and the page that deletes show the same instance', async ({
    client,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const overview = await client.get(acme.path).loginAs(acme.viewer)
    overview.assertStatus(200)
    overview.assertTextIncludes('Create web-1')
    const history = await client
      .get(`${acme.path}/operations?instance=${web.uid}&state=succeeded`)
      .loginAs(acme.viewer)
    history.assertStatus(200)
    history.assertTextIncludes('Create web-1')
    const deletion = await client
      .get(`${acme.path}/instances/${web.uid}/deletion`)
      .loginAs(acme.admin)
    deletion.assertTextIncludes('Delete web-1')
  })

  test('an empty organization is welcomed with the next step', async ({ client }) => {
    const { acme } = await world()
    const overview = await client.get(acme.path).loginAs(acme.owner)
    overview.assertStatus(200)
    overview.assertTextIncludes('Pick an image and a size')
  })
})
