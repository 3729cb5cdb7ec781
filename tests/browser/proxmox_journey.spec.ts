import { join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import limiter from '@adonisjs/limiter/services/main'
import type { BrowserContext, Page } from 'playwright'
import { PRODUCTION_BUILD } from '#tests/support/processes'
import { carriedBy, OUTSIDE } from '#tests/support/ikuai_world'
import {
  coloursOf,
  eventually,
  press,
  says,
  signIn,
  startPortal,
} from '#tests/support/proxmox_browser'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { IkuaiRouter } from '#tests/support/simulators/ikuai'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'
import { ROOT_PASSWORD, tenant } from '#tests/support/world'

const NAME = 'web-1'
const SNAPSHOT = 'before the change'
const HTTP = 20_080
const NEXT_PASSWORD = 'another-Passw0rd-of-root'
const LONGEST_MS = 120_000
/** Where people want to look at the pages of the way. */
const PICTURES = process.env.PORTICO_PICTURES

/** A member at a screen, on the pages of one instance. */
class Member {
  readonly faults: string[] = []
  private home = ''
  private pictures = 0

  private constructor(
    private readonly page: Page,
    private readonly organization: string
  ) {
    // Where the sources are run, the bundler's own socket speaks up as well, and not for us.
    if (!PRODUCTION_BUILD) return
    page.on('pageerror', ({ message }) => this.faults.push(`${page.url()}: ${message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(`${page.url()}: ${message.text()}`)
    })
  }

  static async at(context: BrowserContext, email: string, url: string, organization: string) {
    return new Member(await signIn(context, email, url), `${url}${organization}`)
  }

  async ordersAnInstance(): Promise<void> {
    await this.page.goto(`${this.organization}/instances/create`)
    await this.choosesThePassword(ROOT_PASSWORD)
    await this.page.getByLabel('Instance name').fill(NAME)
    await this.look('create')
    await this.does('Create instance', `${NAME} is running.`)
    await this.page.locator('main').getByRole('link', { name: 'Open instance' }).click()
    await this.page.waitForURL('**/instances/*')
    this.home = this.page.url()
    await this.look('instance')
  }

  /** Until the shell says what it was asked to. */
  async worksInTheTerminal(password: string, word: string): Promise<void> {
    await this.opens('console')
    await press(this.page, 'Connect')
    await says(this.page, 'Connected')
    const glass = this.page.locator('.xterm-rows')
    await glass.getByText('login:').waitFor()
    for (const line of ['root', password, `echo ${word}`]) await this.types(line)
    await glass.getByText(word, { exact: true }).last().waitFor()
    await this.look('terminal')
    await press(this.page, 'Disconnect')
  }

  async looksAtTheScreen(): Promise<string[]> {
    await this.opens('console?kind=screen')
    await press(this.page, 'Connect')
    await says(this.page, 'Connected')
    const colours = await eventually(
      () => coloursOf(this.page),
      (drawn) => drawn.length > 8
    )
    await this.look('screen')
    await press(this.page, 'Disconnect')
    return colours
  }

  async takesASnapshot(): Promise<void> {
    await this.opens('snapshots')
    await this.page.locator('main input[name=name]').first().fill(SNAPSHOT)
    await press(this.page, 'Take snapshot')
    await this.seesInTheEnd('snapshots', 'Restore')
    await this.look('snapshots')
  }

  async goesBackToIt(): Promise<void> {
    await this.page.locator('main').getByRole('link', { name: 'Restore', exact: true }).click()
    await this.page.getByLabel(`Type ${SNAPSHOT} to confirm`).fill(SNAPSHOT)
    await this.look('rollback')
    await this.does('Restore', `The disk of ${NAME} is as it was.`)
  }

  async forwardsAPort(): Promise<void> {
    await this.opens('port-forwards')
    await this.page.locator('main input[name=target_port]').fill('80')
    await this.page.locator('main input[name=port]').fill(String(HTTP))
    await press(this.page, 'Forward')
    await this.page.locator('#port-forwards').getByText(`${OUTSIDE}:${HTTP}`).first().waitFor()
  }

  async seesTheForward(): Promise<void> {
    await this.opens('port-forwards')
    await this.look('forwards')
  }

  async reinstalls(): Promise<void> {
    await this.opens('reinstallation')
    await this.choosesThePassword(NEXT_PASSWORD)
    await this.page.getByLabel(`Type ${NAME} to confirm`).fill(NAME)
    await this.look('reinstall')
    await this.does('Reinstall', `${NAME} runs from its new image.`)
  }

  async looksAtTheTasks(): Promise<string> {
    await this.opens('tasks')
    await this.look('tasks')
    return this.page.locator('main').innerText()
  }

  async deletesIt(): Promise<void> {
    await this.opens('deletion')
    await this.page.getByLabel(`Type ${NAME} to confirm`).fill(NAME)
    await this.look('delete')
    await this.does('Delete instance', `${NAME} was deleted.`)
  }

  private async opens(part: string): Promise<void> {
    await this.page.goto(`${this.home}/${part}`)
  }

  private async types(line: string): Promise<void> {
    await this.page.keyboard.type(line)
    await this.page.keyboard.press('Enter')
  }

  private async choosesThePassword(password: string): Promise<void> {
    await this.page.getByRole('radio', { name: 'Choose the root password' }).check()
    await this.page.locator('main input[name=password]').fill(password)
  }

  /** Presses it, and stays on the page of its operation until that says so. */
  private async does(button: string, outcome: string): Promise<void> {
    await press(this.page, button)
    await this.page.waitForURL('**/operations/*')
    const place = this.page.locator('#operation-outcome').getByText(outcome)
    await place.waitFor({ timeout: LONGEST_MS }).catch(async (cause) => {
      const said = await this.page.locator('main').innerText()
      throw new Error(`"${outcome}" was never said, but: ${said}`, { cause })
    })
    await this.look('operation')
  }

  /** Reloads until there is such a link. */
  private async seesInTheEnd(part: string, link: string): Promise<void> {
    const there = this.page.locator('main').getByRole('link', { name: link, exact: true })
    const seen = await eventually(
      async () => {
        await this.opens(part)
        return there.count()
      },
      (count) => count > 0
    )
    if (seen === 0) throw new Error(await this.page.locator('main').innerText())
  }

  private async look(at: string): Promise<void> {
    if (!PICTURES) return
    this.pictures += 1
    const name = `proxmox-journey-${String(this.pictures).padStart(2, '0')}-${at}.png`
    await this.page.screenshot({ path: join(PICTURES, name), fullPage: true })
  }
}

test.group('An instance on Proxmox VE, from its order to its end', (group) => {
  let url: string

  group.setup(async () => {
    const portal = await startPortal({ withWorker: true })
    url = portal.url
    return () => portal.close()
  })
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())

  test('console, screen, snapshot and rollback, a port on iKuai, reinstallation, deletion', async ({
    assert,
    browser,
    cleanup,
  }) => {
    const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    cleanup(() => simulator.close())
    const router = await IkuaiRouter.start(3)
    cleanup(() => router.close())
    const world = await proxmoxCluster(simulator, { consoleAccounts: true })
    await carriedBy(world.cluster, router)
    const acme = await tenant('Acme', world)
    const context = await browser.newContext({ locale: 'en-US' })
    cleanup(() => context.close())
    const member = await Member.at(context, acme.owner.email, url, acme.path)
    const { guests } = simulator.cluster
    const done = (call: string) =>
      simulator.requests.filter((seen) => seen.call === call && seen.status === 200)

    await member.ordersAnInstance()
    const [guest] = [...guests.values()]
    const { hwaddr, ip } = guest!.network()
    const address = ip!.split('/')[0]!
    assert.isTrue(guest!.isRunning)
    const [ssh] = router.all
    assert.deepEqual(router.reach('tcp', Number(ssh!.wan_port)), { address, port: 22 })

    await member.worksInTheTerminal(ROOT_PASSWORD, 'as-ordered')
    const colours = await member.looksAtTheScreen()
    assert.deepEqual(colours.slice(1, 4), ['1f2937', '2563eb', '0d9488'])

    await member.takesASnapshot()
    assert.lengthOf(guest!.snapshots, 1)
    await member.goesBackToIt()
    assert.lengthOf(done('POST /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback'), 1)
    assert.isTrue(guest!.isRunning)

    await member.forwardsAPort()
    const led = await eventually(
      async () => router.reach('tcp', HTTP),
      (end) => end !== null
    )
    assert.deepEqual(led, { address, port: 80 })
    await eventually(
      async () => db.from('operations').whereNotNull('open_on'),
      (open) => open.length === 0
    )
    await member.seesTheForward()

    await member.reinstalls()
    const [next, ...others] = [...guests.values()]
    assert.lengthOf(others, 0)
    assert.equal(next!.vmid, guest!.vmid)
    assert.deepInclude(next!.network(), { hwaddr, ip })
    assert.deepEqual(router.reach('tcp', HTTP), { address, port: 80 })
    await member.worksInTheTerminal(NEXT_PASSWORD, 'as-reinstalled')
    assert.include(await member.looksAtTheTasks(), 'Restore snapshot')

    await member.deletesIt()
    assert.equal(guests.size, 0)
    assert.isEmpty(router.all)
    assert.isEmpty(simulator.consoleAccounts)
    assert.isEmpty(await db.from('addresses'))
    assert.isEmpty(await db.from('port_forwards'))
    assert.deepEqual(member.faults, [])
    const refused = simulator.invalidRequests.filter(({ call }) => !ASKED.test(call))
    assert.isEmpty(refused, 'every request is one that the real one takes')
  }).timeout(4 * LONGEST_MS)
})

/** Asked to find out whether it is so, which the real one answers with 400, too. */
const ASKED = /nextid|\/tasks\/\{upid\}\/status/
