import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import type { Browser, Page } from 'playwright'
import { appUrl } from '#config/app'
import { splitDocument, writeDocument } from '#licensing/document'
import type User from '#models/user'
import { axeViolations } from '#tests/support/axe'
import { startWorker } from '#tests/support/processes'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD, world } from '#tests/support/world'

const run = promisify(execFile)
const NAME = 'ACME-DESK'
const has = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
const VERIFIERS = [
  ['sh', 'verify.sh'],
  [process.execPath, 'verify.mjs'],
  ['python3', 'verify.py'],
  ['php', 'verify.php'],
  ...(has('go') ? [['go', 'run', 'verify.go']] : []),
]

/** A person at a screen: what they press and read, by the words on it. */
class Person {
  private constructor(readonly page: Page) {}

  static async signsIn(browser: Browser, user: User): Promise<Person> {
    const context = await browser.newContext({ locale: 'en-US', acceptDownloads: true })
    const person = new Person(await context.newPage())
    person.page.setDefaultTimeout(20_000)
    await person.open('/sign-in')
    await person.page.getByLabel('E-mail').fill(user.email)
    await person.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await person.press('Sign in')
    await person.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    return person
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${appUrl}${path}`)
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).first().click()
  }

  async fill(fields: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`main [name=${name}]`)
      const isChoice = await this.page.locator(`main select[name=${name}]`).count()
      await (isChoice ? field.selectOption(value) : field.fill(value))
    }
  }

  leaves(): Promise<void> {
    return this.page.context().close()
  }

  reads(text: string): Promise<void> {
    return this.page.locator('main').getByText(text).first().waitFor()
  }

  async sends(file: string): Promise<void> {
    await this.page.locator('#file').setInputFiles(file)
    await this.press('Upload')
  }

  /** Stays on the operation's page until it says so. */
  async seesItDone(): Promise<void> {
    await this.page.waitForURL('**/operations/*')
    await this.page
      .locator('#operation-outcome')
      .getByText('can be downloaded')
      .waitFor({ timeout: 60_000 })
  }

  async downloads(file: string): Promise<void> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('link', { name: 'Download licence', exact: true }).click(),
    ])
    await download.saveAs(file)
  }
}

test.group('The journey of a licence', (group) => {
  let folder: string
  const file = (name: string) => join(folder, name)

  group.setup(async () => {
    const worker = await startWorker()
    return async () => {
      await worker.stop()
    }
  })
  group.each.setup(() => emptyDatabase())
  group.each.setup(() => limiter.clear())
  group.each.setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-journey-'))
    return () => rm(folder, { recursive: true })
  })

  /** What a product is shipped with, and the list it fetches. */
  async function takeKit(): Promise<void> {
    const names = ['keys.txt', 'collect.sh', ...VERIFIERS.map((command) => command.at(-1)!)]
    for (const name of names) await take(name)
  }

  async function take(name: string): Promise<void> {
    const response = await fetch(`${appUrl}/licensing/${name}`)
    await writeFile(file(name), await response.text())
  }

  /** Each verifier of it, in its own language. */
  async function answers(license: string, more: string[] = []): Promise<string[]> {
    const given = ['--keys', 'keys.txt', '--host', `${NAME}.hostinfo`, ...more]
    return Promise.all(
      VERIFIERS.map(async ([program, ...first]) => {
        const call = run(program!, [...first, license, ...given], { cwd: folder })
        const { stdout } = await call.catch((error: { stdout: string }) => error)
        return stdout.trim()
      })
    )
  }
  const everybody = (code: string) => VERIFIERS.map(() => code)

  test('granted, collected, sent, signed, verified, tampered with, rotated and revoked', async ({
    assert,
    browser,
    cleanup,
  }) => {
    const { acme, staff } = await world()
    const [admin, other] = [await staff(), await staff()]
    const comes = async (user: User) => {
      const person = await Person.signsIn(browser, user)
      cleanup(() => person.leaves())
      return person
    }
    const [chief, holder] = [await comes(admin), await comes(acme.owner)]

    for (const source of ['generate', 'check_codes']) {
      await chief.open('/admin/signing-keys/create')
      await chief.fill({ source, algorithm: 'RSA-PSS-SHA256' })
      await chief.press('Add key')
      await chief.page.waitForURL('**/admin/signing-keys')
    }
    await chief.open('/admin/licensed-products/create')
    await chief.fill({ name: 'Virtual desktop', code: 'virtual-desktop' })
    await chief.press('Add product')
    await chief.page.waitForURL('**/admin/licensed-products')
    await chief.open('/admin/licenses/create')
    const { slug } = acme.organization
    await chief.fill({ name: NAME, organization: slug, expires: '2031-05-01', max_vm: '100' })
    await chief.press('Grant a licence')
    await chief.reads('Limits')
    const path = new URL(chief.page.url()).pathname.replace('/admin', `/o/${slug}`)

    await takeKit()
    await holder.open(path)
    await holder.reads('Next: upload your host')
    const home = { env: { ...process.env, PORTICO_HOME: folder }, cwd: folder }
    await run('sh', ['collect.sh', NAME], home)
    const collected = await readFile(file(`${NAME}.hostinfo`), 'utf8')
    await writeFile(
      file('tampered'),
      collected.replace(/^.*\n(.*\n)/, (all) => `${all}x`)
    )
    await holder.sends(file('tampered'))
    await holder.reads('The last upload was refused')
    await holder.sends(file(`${NAME}.hostinfo`))
    await holder.seesItDone()
    await holder.open(path)
    await holder.reads('Next: download the licence')
    assert.deepEqual(await axeViolations(holder.page), [])
    await holder.downloads(file('first.license'))
    assert.deepEqual(await answers('first.license'), everybody('VALID'))

    const { text, signature } = splitDocument(
      'LICENSE',
      await readFile(file('first.license'), 'utf8')
    )!
    const more = text.replace('"max_vm":100', '"max_vm":900').replace('["100"', '["900"')
    await writeFile(file('more.license'), writeDocument('LICENSE', more, signature))
    assert.deepEqual(await answers('more.license'), everybody('BAD_SIGNATURE'))
    const now = ['--now', '2032-01-01T00:00:00Z']
    assert.deepEqual(await answers('first.license', now), everybody('EXPIRED'))

    await chief.open('/admin/signing-keys/create')
    await chief.fill({ source: 'generate', algorithm: 'RSA-PSS-SHA256' })
    await chief.press('Add key')
    await chief.page.waitForURL('**/admin/signing-keys')
    const next = chief.page.locator('tr', { hasText: 'next' })
    await next.locator('[name=deed]').selectOption('activate')
    await next.locator('[name=reason]').fill('yearly')
    await next.getByRole('button', { name: 'Ask' }).click()
    await chief.reads('asks to rotate')
    assert.equal(await chief.page.getByRole('button', { name: 'Allow' }).count(), 0)
    const second = await comes(other)
    await second.open('/admin/signing-keys')
    await second.press('Allow')
    await second.reads('retired')
    await take('keys.txt')
    assert.deepEqual(await answers('first.license'), everybody('VALID'))
    await holder.open(path)
    await holder.press('Issue anew')
    await holder.seesItDone()
    await holder.open(path)
    await holder.downloads(file('second.license'))
    assert.deepEqual(await answers('second.license'), everybody('VALID'))
    assert.notEqual(
      await readFile(file('second.license'), 'utf8'),
      await readFile(file('first.license'), 'utf8')
    )
    await holder.page.getByRole('link', { name: 'Copy or scan' }).click()
    await holder.page.getByRole('img', { name: 'Code 1 of' }).waitFor()
    assert.deepEqual(await axeViolations(holder.page), [])

    await chief.open(path.replace(`/o/${slug}`, '/admin'))
    await chief.page.getByRole('link', { name: 'Revoke' }).click()
    await chief.page.locator('#revoke-reason').fill('the host was stolen')
    await chief.page.locator('#revoke').getByRole('button', { name: 'Revoke' }).click()
    await chief.reads('the host was stolen')
    await take('revocations.txt')
    const revoked = ['--revocations', 'revocations.txt']
    for (const license of ['first.license', 'second.license']) {
      assert.deepEqual(await answers(license, revoked), everybody('REVOKED'))
    }
    await holder.open(path)
    await holder.reads('The licence was revoked')
    assert.equal(await holder.page.getByRole('link', { name: 'Download licence' }).count(), 0)
  }).timeout(180_000)
})
