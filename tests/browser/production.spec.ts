import { test } from '@japa/runner'
import type { Page } from 'playwright'
import db from '@adonisjs/lucid/services/db'
import router from '@adonisjs/core/services/router'
import Organization from '#models/organization'
import User from '#models/user'
import { PRODUCTION_BUILD, startProductionWeb, type Web } from '#tests/support/processes'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD } from '#tests/support/world'

const NO_BUILD = 'no production build here: bin/test browser makes one'

/** Pages, not pieces of one, that a person can open without knowing the id of a thing, a ticket, or choosing some of them. */
function openPages(slug: string): string[] {
  const routes = Object.values(router.toJSON()).flat()
  const paths = routes
    .filter(({ methods }) => methods.includes('GET'))
    .map(({ pattern }) => pattern.replace(':organization', slug))
    .filter(
      (pattern) =>
        !/[:*]|^\/(api|health|metrics|console$)|(events|search|batches\/deletions\/create)$/.test(
          pattern
        )
    )
  return [...new Set(paths)]
}

async function founder() {
  return db.transaction(async (trx) => {
    const user = await User.enrol(
      {
        email: 'founder@example.com',
        fullName: 'Ada <b>Founder</b>',
        password: PASSWORD,
        locale: 'en',
        timeZone: 'UTC',
        staffRole: 'admin',
        isVerified: true,
      },
      trx
    )
    const organization = await Organization.query({ client: trx })
      .where('kind', 'personal')
      .firstOrFail()
    return { user, slug: organization.slug }
  })
}

/** What the browser refused, broke on, or asked of somebody else. */
function watch(page: Page, url: string): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') {
      faults.push(`${page.url()}: ${message.text()} ${message.location().url}`)
    }
  })
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) {
      faults.push(`${page.url()} asks ${request.url()}`)
    }
  })
  return faults
}

test.group('The production build in a browser', (group) => {
  if (!PRODUCTION_BUILD) {
    test('no page breaks its own policy').skip(true, NO_BUILD)
    return
  }

  let web: Web
  group.setup(async () => {
    web = await startProductionWeb(PRODUCTION_BUILD!)
    return async () => {
      await web.process.stop()
    }
  })
  group.each.setup(() => emptyDatabase)

  test('no page breaks its own policy, throws, or asks a third party', async ({
    assert,
    browser,
  }) => {
    const { user, slug } = await founder()
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    const faults = watch(page, web.url)

    await page.goto(`${web.url}/sign-in`)
    await page.locator('input[name=email]').fill(user.email)
    await page.locator('input[name=password]').fill(PASSWORD)
    await page.locator('form button[type=submit]').last().click()
    await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))

    for (const path of openPages(slug)) {
      const response = await page.goto(`${web.url}${path}`, { waitUntil: 'load' })
      assert.isBelow(response!.status(), 500, path)
      assert.notInclude(response!.headers()['content-security-policy'] ?? '', 'unsafe', path)
    }
    assert.deepEqual(faults, [])
    await context.close()
  })

  test('it ends when it is told to, although queues and streams were in use', async ({
    assert,
  }) => {
    assert.deepEqual(await web.process.stop(5_000), { code: 0, signal: null })
  })
})
