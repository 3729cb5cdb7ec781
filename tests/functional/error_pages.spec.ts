import { test } from '@japa/runner'

test.group('Error pages', () => {
  test('an address that leads nowhere is told in the language of the reader', async ({
    client,
  }) => {
    const english = await client.get('/nowhere').accept('html').header('accept-language', 'en')
    english.assertStatus(404)
    english.assertTextIncludes('There is no door here')
    const chinese = await client.get('/nowhere').accept('html').header('accept-language', 'zh-CN')
    chinese.assertTextIncludes('这里没有门')
  })

  test('a program gets the code of the refusal', async ({ client }) => {
    const response = await client.get('/nowhere').accept('json')
    response.assertStatus(404)
    response.assertBodyContains({ error: { code: 'E_NOT_FOUND' } })
  })

  test('every answer carries the headers that protect it', async ({ client, assert }) => {
    for (const path of ['/nowhere', '/design', '/favicon.svg']) {
      const response = await client.get(path)
      const headers = response.headers()
      assert.include(headers['content-security-policy'], "frame-ancestors 'none'", path)
      assert.equal(headers['x-content-type-options'], 'nosniff', path)
      assert.equal(headers['referrer-policy'], 'same-origin', path)
    }
  })

  test('a page’s own policy names its nonce', async ({ client, assert }) => {
    const response = await client.get('/design')
    assert.match(response.header('content-security-policy') ?? '', /script-src 'self' 'nonce-/)
  })

  test('a form that was open too long is told so, and keeps what was typed', async ({ client }) => {
    const stale = client
      .post('/preferences')
      .accept('html')
      .form({ theme: 'dark', return_to: '/x' })
    const back = await stale.header('referer', 'http://127.0.0.1:3399/design').redirects(0)
    back.assertStatus(302)
    back.assertFlashMessage('return_to', '/x')
    back.assertFlashMissing('_csrf')
    const alone = await client.post('/preferences').accept('html').form({ theme: 'dark' })
    alone.assertStatus(403)
  })
})
