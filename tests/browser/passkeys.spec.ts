import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import type { BrowserContext, Page } from 'playwright'
import { appUrl } from '#config/app'
import Passkey from '#models/passkey'
import RecoveryCode from '#models/recovery_code'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD, person } from '#tests/support/world'

const at = (path: string) => appUrl + path

/** Chromium's own authenticator: `verifies` whether it can tell its owner by finger or PIN. */
async function authenticator(context: BrowserContext, page: Page, verifies = true) {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: verifies,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  })
  return {
    cancels: () =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
  }
}

async function givePassword(page: Page, email: string) {
  await page.goto(at('/sign-in'))
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(PASSWORD)
  await page.locator('form[action="/sign-in"] button[type=submit]').click()
}

async function addPasskey(page: Page) {
  await page.goto(at('/account/passkeys/create'))
  await page.locator('#name').fill('Laptop')
  await page.locator('form[action="/account/passkeys"] button[type=submit]').click()
  await page.waitForURL('**/account/recovery-codes')
}

async function signOut(page: Page) {
  await page.context().clearCookies()
}

test.group('Passkeys', (group) => {
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())
  group.each.setup(() => {
    mail.fake()
    return () => mail.restore()
  })

  test('one that is added gives recovery codes, and from then on signs in without a password', async ({
    assert,
    browserContext,
  }) => {
    const user = await person()
    const page = await browserContext.newPage()
    await authenticator(browserContext, page)
    await givePassword(page, user.email)
    await page.waitForURL('**/account/profile')

    await addPasskey(page)
    assert.lengthOf(await page.locator('ol.font-mono li').all(), 10)
    assert.equal(await RecoveryCode.leftOf(user), 10)

    await signOut(page)
    await page.goto(at('/sign-in'))
    await page.locator('form[action="/sign-in/passkey"] button').click()
    await page.waitForURL('**/account/profile')
    const passkey = await Passkey.findByOrFail('userId', user.id)
    assert.isNotNull(passkey.lastUsedAt)
    const session = await user.related('sessions').query().orderBy('id', 'desc').firstOrFail()
    assert.equal(session.method, 'passkey')
  })

  test('beside the password it is the second factor, and proves identity again', async ({
    assert,
    browserContext,
  }) => {
    const user = await person()
    const page = await browserContext.newPage()
    await authenticator(browserContext, page)
    await givePassword(page, user.email)
    await page.waitForURL('**/account/profile')
    await addPasskey(page)
    await signOut(page)

    await givePassword(page, user.email)
    await page.waitForURL('**/sign-in/second-factor')
    await page.locator('form[data-purpose=get] button').click()
    await page.waitForURL('**/account/profile')
    const session = await user.related('sessions').query().orderBy('id', 'desc').firstOrFail()
    assert.equal(session.method, 'password+passkey')

    await session.merge({ confirmedAt: session.confirmedAt.minus({ minutes: 20 }) }).save()
    await page.goto(at('/account/password'))
    await page.waitForURL('**/account/confirm')
    await page.locator('form[data-purpose=get] button').click()
    await page.waitForURL('**/account/password')
  })

  test('a key that cannot tell its owner does not sign in alone', async ({
    assert,
    browserContext,
  }) => {
    const user = await person()
    const page = await browserContext.newPage()
    const key = await authenticator(browserContext, page)
    await givePassword(page, user.email)
    await page.waitForURL('**/account/profile')
    await addPasskey(page)
    await signOut(page)

    await key.cancels()
    await page.goto(at('/sign-in'))
    await page.locator('form[action="/sign-in/passkey"] button').click()
    await page.locator('form[action="/sign-in/passkey"] [role=alert]').waitFor()
    assert.match(page.url(), /\/sign-in$/)
  })

  test('the last one that is removed takes the recovery codes with it', async ({
    assert,
    browserContext,
  }) => {
    const user = await person()
    const page = await browserContext.newPage()
    await authenticator(browserContext, page)
    await givePassword(page, user.email)
    await page.waitForURL('**/account/profile')
    await addPasskey(page)
    await page.goto(at('/account/security'))
    await page.locator('form[action^="/account/passkeys/"] button').click()
    await page.waitForURL('**/account/security')
    await page.locator('form[action^="/account/passkeys/"]').waitFor({ state: 'detached' })
    assert.isNull(await Passkey.findBy('userId', user.id))
    assert.equal(await RecoveryCode.leftOf(user), 0)
  })
})
