import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import { appUrl } from '#config/app'
import { axeViolations, sidewaysOverflow, smallTargets } from '#tests/support/axe'
import { looks, openWindow } from '#tests/support/looks'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD, person } from '#tests/support/world'

const DOORS = ['/sign-in', '/sign-up', '/forgot-password', '/verify-email/unknown']

const ACCOUNT = [
  '/account/profile',
  '/account/email',
  '/account/security',
  '/account/password',
  '/account/authenticator',
  '/account/passkeys/create',
  '/account/sessions',
  '/account/api-tokens',
  '/account/api-tokens/create',
  '/account/ssh-keys',
  '/account/ssh-keys/create',
  '/account/confirm',
]

/** Each width, theme and language meets each other one, in half of the combinations. */
const EVERY_TWO = looks().filter(
  ({ width, theme, language }) =>
    [width === 'wide', theme === 'light', language === 'zh-CN'].filter(Boolean).length % 2 === 1
)

test.group('Pages of accounts in a browser', (group) => {
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())

  for (const look of EVERY_TWO) {
    test(`axe finds nothing, and they fit (${look.width}, ${look.theme}, ${look.language})`, async ({
      assert,
      browser,
    }) => {
      const user = await person()
      await user.merge({ locale: look.language }).save()
      const context = await openWindow(browser, appUrl, look)
      const page = await context.newPage()
      const visit = async (path: string) => {
        await page.goto(appUrl + path, { waitUntil: 'networkidle' })
        assert.deepEqual(await axeViolations(page), [], path)
        assert.equal(await sidewaysOverflow(page), 0, path)
        if (look.width === 'phone') assert.deepEqual(await smallTargets(page), [], path)
      }
      for (const path of DOORS) await visit(path)
      await page.goto(`${appUrl}/sign-in`)
      await page.locator('#email').fill(user.email)
      await page.locator('#password').fill(PASSWORD)
      await page.locator('form[action="/sign-in"] button[type=submit]').click()
      await page.waitForURL('**/account/profile')
      for (const path of ACCOUNT) await visit(path)
      await context.close()
    })
  }

  test('sign-up, sign-in and sign-out work without JavaScript', async ({ assert, browser }) => {
    const user = await person()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${appUrl}/sign-up`)
    await page.locator('#email').fill('li@example.com')
    await page.locator('#password').fill('seven lemons under a blue roof')
    await page.locator('form[action="/sign-up"] button[type=submit]').click()
    assert.match(page.url(), /\/verify-email$/)

    await page.goto(`${appUrl}/sign-in`)
    await page.locator('#email').fill(user.email)
    await page.locator('#password').fill(PASSWORD)
    await page.locator('form[action="/sign-in"] button[type=submit]').click()
    assert.match(page.url(), /\/account\/profile$/)
    await page.goto(`${appUrl}/account/profile`)
    await page.locator('#full_name').fill('Zhang San')
    await page.locator('form[action^="/account/profile"] button[type=submit]').click()
    await user.refresh()
    assert.equal(user.fullName, 'Zhang San')
    await context.close()
  })
})
