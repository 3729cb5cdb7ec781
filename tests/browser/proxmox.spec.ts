import { randomBytes } from 'node:crypto'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import type { BrowserContext, Page } from 'playwright'
import { appUrl } from '#config/app'
import { credentialKeyRing } from '#config/encryption'
import { axeViolations, sidewaysOverflow, smallTargets } from '#tests/support/axe'
import { PRODUCTION_BUILD, startProductionWeb } from '#tests/support/processes'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD, ROOT_PASSWORD, tenant } from '#tests/support/world'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LONGEST_MS = 30_000

async function signIn(context: BrowserContext, email: string, url: string): Promise<Page> {
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

const says = (page: Page, text: string) =>
  page.locator('main [role=status]').getByText(text).waitFor()

/** The colours of a row across the middle of what is drawn, in the order in which they come. */
async function coloursOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const canvas = document.querySelector('.console-picture canvas')
    if (!canvas?.width) return []
    const { data } = canvas.getContext('2d').getImageData(0, canvas.height >> 1, canvas.width, 1)
    const found = []
    for (let at = 0; at < data.length; at += 4) {
      const colour = [...data.slice(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')
      if (found.at(-1) !== colour) found.push(colour)
    }
    return found
  })()`)
}

async function eventually<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean
): Promise<Value> {
  for (const deadline = Date.now() + LONGEST_MS; ;) {
    const value = await ask()
    if (isWanted(value) || Date.now() > deadline) return value
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test.group('Proxmox VE in a browser', (group) => {
  let simulator: ProxmoxSimulator
  let url: string

  // Where there is a production build it is asked: with its policy, and in a fifth of the time.
  group.setup(async () => {
    // Both seal and open what the cluster is reached with; the key of the tests is refused in production.
    const key = randomBytes(32)
    credentialKeyRing.unshift({ id: 'p1', key })
    const keys = { CREDENTIAL_KEYS: `p1:${key.toString('base64')}` }
    const web = PRODUCTION_BUILD ? await startProductionWeb(PRODUCTION_BUILD, keys) : null
    url = web?.url ?? appUrl
    return async () => {
      credentialKeyRing.shift()
      await web?.process.stop()
    }
  })
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())
  group.each.setup(async () => {
    simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    return () => simulator.close()
  })

  async function ground() {
    const cluster = await proxmoxCluster(simulator)
    const acme = await tenant('Acme', cluster)
    const instance = await acme.instance('web-1')
    return { acme, instance, path: `${url}${acme.path}/instances/${instance.uid}/console` }
  }

  test('terminal and screen are shown under the policy of the pages, and nothing of the cluster is', async ({
    assert,
    browser,
  }) => {
    const { acme, path } = await ground()
    const context = await browser.newContext({ locale: 'en-US' })
    const faults: string[] = []
    const sent: string[] = []
    context.on('weberror', (fault) => faults.push(fault.error().message))
    context.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    try {
      const page = await signIn(context, acme.operator.email, url)
      page.on('response', async (response) => {
        const type = response.headers()['content-type'] ?? ''
        if (/html|json/.test(type)) sent.push(await response.text().catch(() => ''))
      })
      page.on('websocket', (socket) => {
        socket.on('framereceived', ({ payload }) => sent.push(payload.toString()))
      })
      await page.goto(path)
      await press(page, 'Connect')
      await says(page, 'Connected')
      const glass = page.locator('.xterm-rows')
      await glass.getByText('login:').waitFor()
      for (const line of ['root', ROOT_PASSWORD, 'echo $((1)) ok']) {
        await page.keyboard.type(line)
        await page.keyboard.press('Enter')
      }
      await glass.getByText(/ok$/).last().waitFor()

      await page.goto(`${path}?kind=screen`)
      await press(page, 'Connect')
      await says(page, 'Connected')
      const drawn = await eventually(
        () => coloursOf(page),
        (colours) => colours.length > 8
      )
      // White at both edges, and the eight bars of the simulated screen between them.
      assert.deepEqual(drawn.slice(1, 4), ['1f2937', '2563eb', '0d9488'])
      await page.keyboard.press('a')
      const moved = await eventually(
        () => coloursOf(page),
        (colours) => colours[1] === '2563eb'
      )
      assert.deepEqual(moved.slice(1, 3), ['2563eb', '0d9488'])
      await press(page, 'Disconnect')
      await says(page, 'The connection was interrupted')
      await press(page, 'Connect again')
      await says(page, 'Connected')
      await eventually(
        () => coloursOf(page),
        (colours) => colours.length > 8
      )
      assert.deepEqual(faults, [])
      const secrets = ['PVEVNC', simulator.token, simulator.endpoint, 'portico@pve']
      for (const secret of secrets) {
        assert.isFalse(
          sent.some((text) => text.includes(secret)),
          secret
        )
      }
    } finally {
      await context.close()
    }
  }).timeout(120_000)

  test('anybody can use the screen: by day and by night, at a desk and on a phone', async ({
    assert,
    browser,
  }) => {
    const { acme, path } = await ground()
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ locale: 'en-US', colorScheme, ...PHONE })
      const page = await signIn(context, acme.operator.email, url)
      await page.goto(`${path}?kind=screen`)
      await press(page, 'Connect')
      const drawn = await eventually(
        () => coloursOf(page),
        (colours) => colours.length > 8
      )
      await page.getByLabel('Text to type').fill('x')
      await press(page, 'Type it')
      const typed = await eventually(
        () => coloursOf(page),
        (colours) => colours[1] !== drawn[1]
      )
      assert.notEqual(typed[1], drawn[1])
      found.push(...(await axeViolations(page)), ...(await smallTargets(page)))
      assert.equal(await sidewaysOverflow(page), 0)
      await context.close()
    }
    assert.deepEqual(found, [])
  })
})
