import { test } from '@japa/runner'
import env from '#start/env'
import { axeViolations, sidewaysOverflow, smallTargets } from '#tests/support/axe'
import { looks, openWindow, visit } from '#tests/support/looks'

const url = `http://${env.get('HOST')}:${env.get('PORT')}`

/** What lies over the page until it is opened: selector of the opener by width. */
const OPENERS = {
  wide: [
    '[popovertarget=organizations]',
    '[popovertarget=theme-menu]',
    'header a[href="#palette"]',
  ],
  phone: ['header [popovertarget=rail]', 'header [popovertarget=user-menu]'],
}

test.group('The sheet of components', () => {
  for (const look of looks(['zh-CN'])) {
    test(`axe finds nothing, whatever is open (${look.width}, ${look.theme})`, async ({
      assert,
      browser,
    }) => {
      const context = await openWindow(browser, url, look)
      const page = await context.newPage()
      await visit(page, `${url}/design`)
      assert.deepEqual(await axeViolations(page), [])

      for (const opener of ['[popovertarget=demo-menu]', ...OPENERS[look.width]]) {
        await page.locator(opener).first().click()
        assert.deepEqual(await axeViolations(page), [], opener)
        await page.keyboard.press('Escape')
      }
      await page.locator('a.btn[href="#demo-delete"]').first().click()
      assert.deepEqual(await axeViolations(page), [], 'the dialog')
      await context.close()
    })
  }

  test('it fits every width in every language, and a finger', async ({ assert, browser }) => {
    for (const look of looks().filter(({ theme }) => theme === 'light')) {
      const context = await openWindow(browser, url, look)
      const page = await context.newPage()
      await visit(page, `${url}/design`)
      const name = `${look.width}, ${look.language}`
      assert.equal(await sidewaysOverflow(page), 0, name)
      if (look.width === 'phone') assert.deepEqual(await smallTargets(page), [], name)
      await context.close()
    }
  })

  test('the staff’s frame is without faults too', async ({ assert, browser }) => {
    for (const look of looks(['en'])) {
      const context = await openWindow(browser, url, look)
      const page = await context.newPage()
      await visit(page, `${url}/design?area=admin`)
      assert.deepEqual(await axeViolations(page), [], `${look.width} ${look.theme}`)
      await context.close()
    }
  })

  test('error pages are without faults', async ({ assert, browser }) => {
    for (const look of looks(['zh-CN'])) {
      const context = await openWindow(browser, url, look)
      const page = await context.newPage()
      await visit(page, `${url}/nowhere`)
      assert.deepEqual(await axeViolations(page), [], `${look.width} ${look.theme}`)
      await context.close()
    }
  })
})

test.group('Components that move', () => {
  const look = { width: 'wide', theme: 'light', language: 'en' } as const

  test('the red button waits for the exact name', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    await page.locator('a.btn[href="#demo-delete"]').first().click()
    const red = page.locator('#demo-delete button[type=submit]')

    assert.isTrue(await red.isDisabled())
    await page.fill('#demo-delete-name', 'db-maste')
    assert.isTrue(await red.isDisabled())
    await page.fill('#demo-delete-name', 'db-master')
    assert.isFalse(await red.isDisabled())
    await context.close()
  })

  test('the palette is found by Ctrl K and steered by keys', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('acme')

    assert.equal(await page.locator('#palette [role=option]:visible').count(), 1)
    const active = await page
      .locator('#palette [role=combobox]')
      .getAttribute('aria-activedescendant')
    assert.equal(await page.locator(`#${active}`).getAttribute('href'), '/o/acme')
    await page.keyboard.press('Enter')
    await page.waitForURL((address) => address.pathname !== '/design')
    await context.close()
  })

  test('copying says so', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    const field = page.locator('[x-data=copyButton]', { hasText: 'ssh -p 22021' })
    await field.locator('button').click()

    await field.locator('[role=status]', { hasText: 'Copied' }).waitFor({ state: 'attached' })
    assert.equal(
      await page.evaluate<string>('navigator.clipboard.readText()'),
      'ssh -p 22021 root@203.0.113.21'
    )
    await context.close()
  })

  test('the theme changes at once and is there again after a reload', async ({
    assert,
    browser,
  }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    await page.locator('header [popovertarget=theme-menu]').click()
    const saved = page.waitForResponse((response) => response.url().endsWith('/preferences'))
    await page.locator('#theme-menu button[value=dark]').click()

    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    const answer = await saved
    assert.equal(answer.status(), 204)
    await page.reload()
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    await context.close()
  })

  test('a live part takes over what is new on the server', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    const stamp = page.locator('#live time')
    const before = await stamp.getAttribute('datetime')
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)

    await page.waitForFunction(
      `document.querySelector('#live time').dateTime !== ${JSON.stringify(before)}`
    )
    assert.isTrue(await stamp.isVisible())
    await context.close()
  })

  test('a script that was lost on the way is asked for again', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    let asked = 0
    await page.route(/\/app(-\w+)?\.js/, (route) => {
      asked += 1
      return asked === 1 ? route.abort() : route.continue()
    })
    await visit(page, `${url}/design`)
    await page.keyboard.press('Control+k')

    assert.equal(asked, 2)
    assert.isTrue(await page.locator('#palette [role=combobox]').isVisible())
    await context.close()
  })

  test('a form is sent once, however often one presses', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    let sent = 0
    // No content: the browser stays on the page.
    await page.route(/\/design\?/, (route) => {
      sent += 1
      return route.fulfill({ status: 204 })
    })
    const first = page.waitForRequest(/\/design\?/)
    await page.evaluate(`(() => {
      const button = document.querySelector('main form[action="/design"] [type=submit]')
      button.form.noValidate = true
      button.click()
      button.click()
    })()`)
    await first
    await page.waitForTimeout(200)

    assert.equal(sent, 1)
    assert.equal(await page.locator('main form [aria-busy=true]').count(), 1)
    await context.close()
  })

  test('a toast shows words, not markup', async ({ assert, browser }) => {
    const context = await openWindow(browser, url, look)
    const page = await context.newPage()
    await visit(page, `${url}/design`)
    await page.evaluate(`dispatchEvent(new CustomEvent('portico:toast', {
      detail: { door: 'crossed', title: '<i>web-1</i> failed', href: 'javascript:alert(1)', action: 'View' }
    }))`)

    const toast = page.locator('.toasts [data-toast]')
    assert.include(await toast.textContent(), '<i>web-1</i> failed')
    assert.equal(await toast.locator('a').count(), 0)
    await context.close()
  })
})

test.group('Without a script', () => {
  test('menus, the drawer, dialogs and preferences work', async ({ assert, browser }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
      locale: 'en',
    })
    const page = await context.newPage()
    await visit(page, `${url}/design`)

    await page.locator('header [popovertarget=rail]').click()
    assert.isTrue(await page.locator('#rail nav a').first().isVisible())
    await page.keyboard.press('Escape')

    await page.locator('[popovertarget=demo-menu]').click()
    await page.locator('#demo-menu a[href="#demo-delete"]').click()
    assert.isTrue(await page.locator('#demo-delete-name').isVisible())
    await page.locator('#demo-delete [data-close]').click()
    assert.isFalse(await page.locator('#demo-delete-name').isVisible())

    await page.locator('header [popovertarget=user-menu]').click()
    await page.locator('#user-menu button[value=dark]').click()
    await page.waitForURL(`${url}/design`)
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    await context.close()
  })
})
