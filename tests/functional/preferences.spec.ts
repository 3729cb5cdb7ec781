import { test } from '@japa/runner'
import type { ApiRequest } from '@japa/api-client'
import testUtils from '@adonisjs/core/services/test_utils'
import { person } from '#tests/support/world'

test.group('Preferences', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('a stranger is remembered by cookies and returns to where they were', async ({
    client,
    assert,
  }) => {
    const response = await client
      .post('/preferences')
      .withCsrfToken()
      .redirects(0)
      .form({ theme: 'dark', locale: 'en', return_to: '/sign-in?next=1' })

    response.assertStatus(302)
    response.assertHeader('location', '/sign-in?next=1')
    const cookies = String(response.headers()['set-cookie'])
    assert.include(cookies, 'portico_theme=dark')
    assert.include(cookies, 'portico_locale=en')
  })

  test('who is signed in takes the language along', async ({ client, assert }) => {
    const user = await person()
    await client
      .post('/preferences')
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
      .form({ locale: 'zh-CN' })

    await user.refresh()
    assert.equal(user.locale, 'zh-CN')
  })

  test('a script gets no page', async ({ client }) => {
    const response = await client
      .post('/preferences')
      .withCsrfToken()
      .accept('json')
      .form({ theme: 'light' })
    response.assertStatus(204)
  })

  test('a language that we do not speak is refused', async ({ client }) => {
    const response = await client
      .post('/preferences')
      .withCsrfToken()
      .accept('json')
      .form({ locale: '../../etc/passwd' })
    response.assertStatus(422)
  })

  test('nobody is sent to another host', async ({ client }) => {
    for (const address of ['//evil.example', 'https://evil.example/', '/\\evil.example']) {
      const response = await client
        .post('/preferences')
        .withCsrfToken()
        .redirects(0)
        .form({ theme: 'light', return_to: address })
      response.assertHeader('location', '/')
    }
  })

  test('without a token nothing is remembered', async ({ client, assert }) => {
    const response = await client.post('/preferences').redirects(0).form({ theme: 'dark' })
    assert.notInclude(String(response.headers()['set-cookie']), 'portico_theme')
  })
})

test.group('Look and language', () => {
  test('the first paint already has the chosen theme', async ({ client, assert }) => {
    const dark = await client.get('/design').setup(remember('portico_theme', 'dark'))
    assert.include(dark.text(), 'data-theme="dark"')
    const system = await client.get('/design').setup(remember('portico_theme', 'purple'))
    assert.notInclude(system.text(), 'data-theme')
  })

  test('a page speaks the remembered language, else the browser’s', async ({ client }) => {
    const remembered = await client
      .get('/design')
      .setup(remember('portico_locale', 'en'))
      .header('accept-language', 'zh-CN')
    remembered.assertTextIncludes('<html lang="en"')
    const browser = await client.get('/design').header('accept-language', 'zh-CN,zh;q=0.9')
    browser.assertTextIncludes('<html lang="zh-CN"')
  })
})

/** A cookie as the page writes it: neither signed nor encoded. */
function remember(name: string, value: string) {
  return (request: ApiRequest) => {
    request.cookiesJar[name] = { name, value }
  }
}
