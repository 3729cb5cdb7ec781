import type { Assert } from '@japa/assert'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import type { BrowserContext, Locator, Page } from 'playwright'
import { appUrl } from '#config/app'
import { keptMails, openMail } from '#services/mail_folder'
import { sharedNodes } from '#tests/support/lxd_lab'
import { lxdCluster } from '#tests/support/lxd_world'
import { startWorker, until } from '#tests/support/processes'
import { signsIn } from '#tests/support/ssh'
import { emptyDatabase } from '#tests/support/test_database'
import { fakeCluster } from '#tests/support/world'

const EMAIL = 'wang.fang@example.com'
const PASSWORD = 'seven lemons under a blue roof'
const NAME = 'first-steps'
const LIST = '**/instances'
/** Of the lab's /24; drivers and benches keep to others. */
const ADDRESSES: [number, number] = [60, 69]
const LONGEST_MS = 120_000
const NO_LAB = 'no LXD here: start one with tests/labs/lxd/lxd-up 1 (root, Debian)'

const POWER = [
  ['Stop', 'Stopped'],
  ['Start', 'Running'],
] as const

type Offer = { plan: string; image: string }
/** What a step looked like, in the order in which a person saw it. */
type Sight = { step: string; is: string }

/** A person at a screen: what they press and read, by the words on it. */
class Person {
  /** What the scripts of the pages broke on. */
  readonly faults: string[] = []

  private constructor(private readonly page: Page) {
    page.on('pageerror', ({ message }) => {
      // Vite's own socket for hot reload: it stays closed while another run has its port.
      if (!message.startsWith('WebSocket closed')) this.faults.push(`${page.url()}: ${message}`)
    })
  }

  static async at(context: BrowserContext): Promise<Person> {
    return new Person(await context.newPage())
  }

  async registers(): Promise<void> {
    await this.page.goto(`${appUrl}/sign-up`)
    await this.page.getByLabel('Organization').fill('Qinghe')
    await this.page.getByLabel('E-mail').fill(EMAIL)
    await this.page.getByLabel('Password').fill(PASSWORD)
    await this.follow(this.button('Create account'), '**/verify-email')
  }

  async opensTheLinkInTheMail(since: Date): Promise<void> {
    await this.page.goto(await linkSentTo(EMAIL, since))
    await this.follow(this.button('Confirm'), '**/o/*')
  }

  async ordersAnInstance({ plan, image }: Offer): Promise<void> {
    await this.follow(this.link('Create instance').first(), '**/instances/create')
    await this.page.getByRole('radio', { name: image }).check()
    await this.page.getByRole('radio', { name: plan }).check()
    await this.page.getByLabel('Instance name').fill(NAME)
    await this.follow(this.button('Create instance'), '**/operations/*')
  }

  /** Stays on the operation's page, without a reload, until it says so; tells how the steps changed meanwhile. */
  async watchesUntil(outcome: string): Promise<Sight[]> {
    await this.page.evaluate(`(() => {
      window.sights = []
      const look = () => {
        for (const step of document.querySelectorAll('#operation-steps [data-step]')) {
          const sight = { step: step.querySelector('p').firstChild.data.trim(), is: step.dataset.step }
          const last = window.sights.findLast(({ step }) => step === sight.step)
          if (last?.is !== sight.is) window.sights.push(sight)
        }
      }
      look()
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true })
    })()`)
    const place = this.page.locator('#operation-outcome').getByText(outcome)
    await place.waitFor({ timeout: LONGEST_MS }).catch(async (cause) => {
      const said = await this.page.locator('main').innerText()
      throw new Error(`"${outcome}" was never said, but: ${said}`, { cause })
    })
    return this.page.evaluate<Sight[]>('window.sights')
  }

  opensTheInstance(): Promise<void> {
    return this.follow(this.link('Open instance'), '**/instances/*')
  }

  async asksForThePassword(): Promise<string> {
    await this.follow(this.button('Show root password'), '**/root_password')
    const password = await this.page.locator('main code').textContent()
    await this.follow(this.link(`Back to ${NAME}`), '**/instances/*')
    return password!
  }

  mayAskForThePassword(): Promise<boolean> {
    return this.button('Show root password').isVisible()
  }

  async address(): Promise<string> {
    const command = this.page.getByText(/^ssh root@/).first()
    return (await command.textContent())!.replace('ssh root@', '').trim()
  }

  state(): Promise<string | null> {
    return this.page.locator('h1 + *').textContent()
  }

  presses(action: 'Start' | 'Stop'): Promise<void> {
    return this.follow(this.button(action), '**/operations/*')
  }

  /** Stays on the page: what was refused while the snapshot was taken is offered again without a reload. */
  async takesASnapshot(): Promise<void> {
    await this.follow(this.link('Snapshots'), '**/snapshots')
    const submit = this.button('Take snapshot')
    await submit.click()
    await this.page.locator('#snapshots tbody tr').waitFor({ timeout: LONGEST_MS })
    await this.page.locator('#take-snapshot button[type=submit]').waitFor({ timeout: LONGEST_MS })
    await this.follow(this.link('Overview'), '**/instances/*')
  }

  async deletesByTypingTheName(): Promise<void> {
    await this.button('More actions').click()
    await this.follow(this.page.getByRole('link', { name: 'Delete…' }), '**/deletion')
    await this.page.getByLabel(`Type ${NAME} to confirm`).fill(NAME)
    await this.follow(this.button('Delete instance'), '**/operations/*')
  }

  async instances(): Promise<string> {
    await this.follow(this.page.locator('#rail').getByRole('link', { name: 'Instances' }), LIST)
    return this.page.locator('main').innerText()
  }

  private button(name: string): Locator {
    return this.page.locator('main').getByRole('button', { name, exact: true })
  }

  private link(name: string): Locator {
    return this.page.locator('main').getByRole('link', { name, exact: true })
  }

  /**
   * Presses what leads to another page. Chromium drops what it is loading whenever an interface comes or goes on
   * the machine, and instances of the lab bring theirs; then the page is asked for again.
   */
  private async follow(way: Locator, url: string): Promise<void> {
    await way.click()
    await this.page.waitForURL(url).catch(() => this.page.reload())
    await this.page.waitForURL(url)
  }
}

async function linkSentTo(email: string, since: Date): Promise<string> {
  let link: string | undefined
  await until(`a mail with a link came to ${email}`, async () => {
    const mails = await keptMails()
    const newest = mails.find(({ to, at }) => to.includes(email) && at >= since)
    const mail = newest && (await openMail(newest.name))
    link = mail?.text.match(/https?:\/\/\S+\/verify-email\/\S+/)?.[0]
    return link !== undefined
  })
  return link!
}

/** The whole way; `tries` is told who walks it, and how to reach the instance while it runs. */
async function walk(
  assert: Assert,
  context: BrowserContext,
  offer: Offer,
  tries: (person: Person, host: string, password: string) => Promise<void>
) {
  const person = await Person.at(context)
  const before = new Date()
  await person.registers()
  await person.opensTheLinkInTheMail(before)
  await person.ordersAnInstance(offer)

  const sights = await person.watchesUntil(`${NAME} is running.`)
  const atWork = new Set(sights.filter(({ is }) => is === 'running').map(({ step }) => step))
  assert.isAtLeast(atWork.size, 2, `steps were seen at work: ${JSON.stringify(sights)}`)

  await person.opensTheInstance()
  assert.include(await person.state(), 'Running')
  const password = await person.asksForThePassword()
  assert.isAtLeast(password.length, 12)
  assert.isFalse(await person.mayAskForThePassword(), 'it is shown once')
  await tries(person, await person.address(), password)

  for (const [action, state] of POWER) {
    await person.presses(action)
    await person.watchesUntil('Done.')
    await person.opensTheInstance()
    assert.include(await person.state(), state)
  }

  await person.deletesByTypingTheName()
  await person.watchesUntil(`${NAME} was deleted.`)
  assert.notInclude(await person.instances(), NAME)
  assert.deepEqual(person.faults, [])
}

const [node] = await sharedNodes()

test.group('From sign-up to a running instance and back', (group) => {
  group.setup(async () => {
    const worker = await startWorker()
    return async () => {
      await worker.stop()
    }
  })
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())

  test('on the fake cluster', async ({ assert, browser }) => {
    const { plan, image } = await fakeCluster({ createMs: 1_500, powerMs: 600 })
    const context = await browser.newContext({ locale: 'en-US' })
    await walk(assert, context, { plan: plan.name, image: image.label }, (person) =>
      person.takesASnapshot()
    )
    await context.close()
  }).timeout(LONGEST_MS)

  test('on a real LXD, signing in over SSH', async ({ assert, browser }) => {
    const free = await node!.freeNumber(ADDRESSES)
    const { plan, image } = await lxdCluster(node!, [free, free])
    const context = await browser.newContext({ locale: 'en-US' })
    const offer = { plan: plan.name, image: image.label }
    await walk(assert, context, offer, async (_person, host, password) => {
      assert.isTrue(await signsIn(host, { password }), 'the password given lets root in')
      assert.isFalse(await signsIn(host, { password: `${password}x` }), 'another one does not')
    })
    await context.close()
  })
    .timeout(2 * LONGEST_MS)
    .skip(!node, NO_LAB)
})
