import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import { axeViolations, sidewaysOverflow, smallTargets } from '#tests/support/axe'
import {
  coloursOf,
  eventually,
  press,
  says,
  signIn,
  startPortal,
} from '#tests/support/proxmox_browser'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'
import { ROOT_PASSWORD, tenant } from '#tests/support/world'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

test.group('Proxmox VE in a browser', (group) => {
  let simulator: ProxmoxSimulator
  let url: string

  group.setup(async () => {
    const portal = await startPortal()
    url = portal.url
    return () => portal.close()
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
