import { test } from '@japa/runner'
import { freshAccounts } from '#tests/support/accounts'
import { person } from '#tests/support/world'

const DOORS = ['/sign-in', '/sign-up', '/forgot-password']

const ACCOUNT = [
  '/account/profile',
  '/account/email',
  '/account/security',
  '/account/password',
  '/account/authenticator',
  '/account/passkeys/create',
  '/account/sessions',
  '/account/api-tokens',
  '/account/ssh-keys',
  '/account/api-tokens/create',
  '/account/confirm',
]

test.group('Account pages', (group) => {
  freshAccounts(group)

  test('{$self} is open to a visitor, and leads who is signed in home')
    .with(DOORS)
    .run(async ({ client }, path) => {
      const visitor = await client.get(path)
      visitor.assertStatus(200)
      const known = await client
        .get(path)
        .loginAs(await person())
        .redirects(0)
      known.assertHeader('location', '/')
    })

  test('{$self} is for who is signed in, in both languages, and is not kept by the browser')
    .with(ACCOUNT)
    .run(async ({ client, assert }, path) => {
      const stranger = await client.get(path).redirects(0)
      stranger.assertHeader('location', '/sign-in')
      assert.equal(stranger.session('return_to'), path)

      const user = await person()
      for (const locale of ['en', 'zh-CN']) {
        await user.merge({ locale }).save()
        const page = await client.get(path).loginAs(user)
        page.assertStatus(200)
        page.assertHeader('cache-control', 'no-store')
        assert.include(page.text(), `lang="${locale}"`)
        assert.notMatch(page.text(), /translation missing/i)
      }
    })
})
