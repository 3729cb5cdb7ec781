import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import Operation from '#models/operation'
import { finish, world } from '#tests/support/world'

test.group('Access to an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('a generated root password is set by an operation and can then be shown once', async ({
    client,
    assert,
  }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    const path = `${acme.path}/instances/${web.uid}`
    const asked = await client
      .post(`${path}/password_resets`)
      .form({ password_choice: 'generated' })
      .withCsrfToken()
      .loginAs(acme.operator)
      .redirects(0)
    assert.match(asked.header('location')!, new RegExp(`^${acme.path}/operations/`))
    const operation = await acme.inside(() =>
      Operation.query().where('type', 'instance.reset_password').firstOrFail()
    )
    await finish(operation)
    const shown = await client.post(`${path}/root_password`).withCsrfToken().loginAs(acme.operator)
    const password = /select-all">([A-Za-z0-9]{24})</.exec(shown.text())?.[1]
    assert.isTrue(fake.isRootPassword(web.ref, password!))
    const again = await client.post(`${path}/root_password`).withCsrfToken().loginAs(acme.operator)
    again.assertTextIncludes('There is nothing to show')
  })

  test('bad passwords are refused at the field, and do not come back with the form', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    for (const password of ['', 'short', `line\nbreak-${'x'.repeat(20)}`, 'x'.repeat(129)]) {
      const response = await client
        .post(`${acme.path}/instances/${web.uid}/password_resets`)
        .form({ password_choice: 'own', password })
        .header('accept', 'application/json')
        .withCsrfToken()
        .loginAs(acme.operator)
      response.assertStatus(422)
      assert.equal(response.body().errors[0].field, 'password')
      if (password) assert.notInclude(response.text(), password)
    }
    const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
    assert.lengthOf(open, 0)
  })

  test('what a stopped instance cannot do is there, disabled, with the reason', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await finish(await acme.inside(() => web.power('stop', acme.owner)))
    const page = await client.get(`${acme.path}/instances/${web.uid}/access`).loginAs(acme.operator)
    assert.match(page.text(), /title="It must run for this"/)
  })
})
