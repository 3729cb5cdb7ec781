import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import type { BrowserContext, Page } from 'playwright'
import { appUrl } from '#config/app'
import { axeViolations, sidewaysOverflow, smallTargets } from '#tests/support/axe'
import { sharedNodes } from '#tests/support/lxd_lab'
import { lxdCluster } from '#tests/support/lxd_world'
import { PRODUCTION_BUILD, startProductionWeb } from '#tests/support/processes'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD, ROOT_PASSWORD, finish, powerOf, tenant, world } from '#tests/support/world'

/** Of the lab's /24; drivers and benches keep to others. */
const ADDRESSES: [number, number] = [70, 74]
const NO_LAB = 'no LXD here: start one with tests/labs/lxd/lxd-up 1 (root, Debian)'
const NO_BUILD = 'no production build here: bin/test browser makes one'
const SMALL = { width: 390, height: 844 }
const PHONE = { viewport: SMALL, hasTouch: true, isMobile: true }

const [node] = await sharedNodes()

async function signIn(context: BrowserContext, email: string, url = appUrl): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${url}/sign-in`)
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.locator('form[action="/sign-in"] button[type=submit]').click()
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'), {
    waitUntil: 'commit',
  })
  return page
}

const press = (page: Page, name: string) =>
  page.locator('main').getByRole('button', { name, exact: true }).click()

/** What stands on the glass, as a person reads it. */
const glass = async (page: Page) => {
  const text = await page.locator('.xterm-rows').innerText()
  return text.replaceAll('\u00A0', ' ')
}

async function shows(page: Page, wanted: RegExp, meanwhile = async () => {}): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!wanted.test(await glass(page))) {
    if (Date.now() > deadline) throw new Error(`${wanted} never came: ${await glass(page)}`)
    await meanwhile()
    await page.waitForTimeout(100)
  }
}

const says = (page: Page, text: string) =>
  page.locator('main [role=status]').getByText(text).waitFor()

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

test.group('The console in a browser', (group) => {
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())

  test('on a real LXD: a shell that fits its window, the serial console, and the end', async ({
    assert,
    browser,
  }) => {
    const free = await node!.freeNumber(ADDRESSES)
    const cluster = await lxdCluster(node!, [free, free])
    const acme = await tenant('Acme', cluster)
    const instance = await acme.instance('web-1')
    const context = await browser.newContext({ locale: 'en-US' })
    const faults: string[] = []
    context.on('weberror', (fault) => {
      // Vite's own socket for hot reload: it stays closed while another run has its port.
      const { message } = fault.error()
      if (!message.startsWith('WebSocket closed')) faults.push(message)
    })
    try {
      const page = await signIn(context, acme.operator.email)
      const path = `${appUrl}${acme.path}/instances/${instance.uid}/console`
      await page.goto(path)
      await press(page, 'Connect')
      await says(page, 'Connected')
      await type(page, 'hostname; id -u; stty size')
      await shows(page, new RegExp(`${instance.name}\\s+0\\s+\\d+ \\d+`))
      const [, , columns] = / 0 (\d+) (\d+)/.exec((await glass(page)).replace(/\s+/g, ' '))!

      await page.setViewportSize(SMALL)
      await type(page, 'clear; stty size')
      await shows(page, new RegExp(`(?:^|\\n)\\d+ (?!${columns}\\b)\\d+\\s`))
      await type(page, 'exit')
      await says(page, 'The session has ended')
      await press(page, 'Connect again')
      await says(page, 'Connected')
      await press(page, 'Disconnect')
      await says(page, 'The connection was interrupted')

      await page.goto(`${path}?kind=serial`)
      await press(page, 'Connect')
      await shows(page, /login:/, () => page.keyboard.press('Enter'))
      await type(page, 'root')
      await shows(page, /[Pp]assword:/)
      await type(page, ROOT_PASSWORD)
      await shows(page, /[#~]\s*$/)
      assert.notInclude(await glass(page), ROOT_PASSWORD)
      await finish(await acme.inside(() => instance.power('force_stop', acme.owner)))
      assert.equal(await powerOf(instance, cluster.cluster), 'stopped')
      await says(page, 'The instance is being stopped or restarted')
      await page.reload()
      assert.include(await page.locator('main').innerText(), 'It must run for this')
      assert.deepEqual(faults, [])
    } finally {
      await context.close()
      await finish(await acme.inside(() => instance.destroy(acme.owner)))
    }
  })
    .timeout(120_000)
    .skip(!node, NO_LAB)

  test('anybody can use it: by day and by night, at a desk and on a phone', async ({
    assert,
    browser,
  }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ locale: 'en-US', colorScheme, ...PHONE })
      const page = await signIn(context, acme.operator.email)
      await page.goto(`${appUrl}${acme.path}/instances/${instance.uid}/console`)
      await says(page, 'Not connected')
      await press(page, 'Connect')
      await shows(page, /~#/)
      await page.keyboard.type('echo again')
      await press(page, 'Ctrl+C')
      found.push(...(await axeViolations(page)), ...(await smallTargets(page)))
      assert.equal(await sidewaysOverflow(page), 0)
      await context.close()
    }
    assert.deepEqual(found, [])
  })

  test('the production build draws it under its own policy, colours and all', async ({
    assert,
    browser,
  }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const web = await startProductionWeb(PRODUCTION_BUILD!)
    const context = await browser.newContext({ locale: 'en-US' })
    const faults: string[] = []
    context.on('weberror', (fault) => faults.push(fault.error().message))
    context.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    try {
      const page = await signIn(context, acme.operator.email, web.url)
      await page.goto(`${web.url}${acme.path}/instances/${instance.uid}/console`)
      await press(page, 'Connect')
      await says(page, 'Connected')
      await type(page, 'echo \\e[38;2;200;30;90mrose')
      await shows(page, /rose/)
      // Strict as the policy is, the letters have their cells and the cursor its colour.
      const row = page.locator('.xterm-rows > div').first()
      assert.isAbove((await row.boundingBox())!.height, 8)
      assert.deepEqual(faults, [])
      // Told to end, the process lets go of whoever has a console open, tells why, and ends.
      const ended = web.process.stop(5_000)
      await says(page, 'Portico is restarting')
      assert.deepEqual(await ended, { code: 0, signal: null })
    } finally {
      await context.close()
      await web.process.stop()
    }
  }).skip(!PRODUCTION_BUILD, NO_BUILD)
})
