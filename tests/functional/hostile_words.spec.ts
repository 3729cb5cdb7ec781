import { globSync, readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import { pathOf } from '#drivers/fake/file'
import InvitationMail from '#mails/invitation_mail'
import Operation from '#models/operation'
import WebhookDelivery from '#models/webhook_delivery'
import { csvLines } from '#validators/csv'
import { dispatch, endpoint } from '#tests/support/webhooks'
import { finish, portPool, world } from '#tests/support/world'

/*
| Words that a template, a shell, a page, a spreadsheet or a database would do something with. Where any words may
| stand they are kept and shown as they were typed, and nothing else comes of them.
*/
const WORDS = [
  '{{ 7*191 }}',
  '{{{ 7*191 }}}',
  '@eval(process.exit(7))',
  '@include("pages/home")',
  '${7*191} $(id) `id`; reboot',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=cmd|"/c calc"!A1',
  "+1' or 1=1 --",
  '--config=security.privileged=true',
  '%s %n {0} {name}',
]
/** What would come of it. */
const DONE = '1337'

/** As a page may write it: engines differ in which signs they spell out. */
const plain = (html: string) =>
  html
    .replaceAll(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10))
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

test.group('Hostile words', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))
  group.each.teardown(() => mail.restore())

  test('{$self} is only ever shown')
    .with(WORDS)
    .run(async ({ client, assert }, word) => {
      const { acme, cluster, fake } = await world()
      await portPool(cluster)
      await acme.organization.merge({ name: word }).save()
      await acme.operator.merge({ fullName: word }).save()
      await endpoint(acme, 'https://hooks.example.com/portico')
      const web = await acme.instance('web-1')
      const home = `${acme.path}/instances/${web.uid}`
      const send = async (path: string, form: object) => {
        const answer = await client
          .post(`${home}/${path}`)
          .form(form)
          .loginAs(acme.operator)
          .withCsrfToken()
          .redirects(0)
        assert.isUndefined(answer.flashMessage('inputErrorsBag'))
        const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
        for (const operation of open) await finish(operation)
      }
      await send('snapshots', { name: word })
      await send('port-forwards', { protocol: 'tcp', target_port: '80', port: '20100', note: word })
      const password = `${word}-long enough`
      await send('password_resets', { password_choice: 'own', password })

      // The cluster has heard of none of it, but for the password, which is the one that was typed.
      assert.isTrue(fake.isRootPassword(web.ref, password))
      const files = globSync(`${pathOf(cluster.endpoint)}*`)
      assert.isNotEmpty(files)
      for (const file of files) assert.notInclude(readFileSync(file, 'utf8'), word)

      const pages = ['', '/snapshots', '/port-forwards', '/history'].map((tab) => `${home}${tab}`)
      for (const path of [...pages, `${acme.path}/activity`, `${acme.path}/members`]) {
        const page = await client.get(path).loginAs(acme.owner)
        page.assertStatus(200)
        const html = page.text()
        assert.include(plain(html), word, path)
        if (/[<>]/.test(word)) assert.notInclude(html, word, path)
        assert.notInclude(html, DONE, path)
      }

      for (const list of ['activity', 'members', 'operations']) {
        const file = await client.get(`${acme.path}/exports/${list}`).loginAs(acme.owner)
        const cells = csvLines(file.text()).flat()
        for (const cell of cells) assert.notMatch(cell, /^\s*[=+@-](?!\d+$)/)
      }

      await dispatch()
      const deliveries = await acme.inside(() => WebhookDelivery.query().preload('notice'))
      assert.isNotEmpty(deliveries)
      for (const { notice } of deliveries) assert.isObject(JSON.parse(notice.body))

      const { mails } = mail.fake()
      await client
        .post(`${acme.path}/invitations`)
        .form({ email: 'new@example.com', role: 'viewer' })
        .loginAs(acme.admin)
        .withCsrfToken()
        .redirects(0)
      mails.assertQueued(InvitationMail, ({ message }) => {
        const { html, text, subject } = message.toJSON().message
        assert.include(plain(String(html)), word)
        if (/[<>]/.test(word)) assert.notInclude(String(html), word)
        assert.include(String(text), word)
        assert.notMatch(String(subject), /\p{Cc}/u)
        assert.notInclude(`${String(html)}${String(text)}`, DONE)
        return true
      })
    })

  test('no source hands a text to a shell, or compiles one', ({ assert }) => {
    const telling: Record<string, RegExp> = {
      'a shell':
        /\bexecSync\(|\bshell:\s*true|promisify\(exec\)|import \{[^}]*\bexec\b[^}]*\} from 'node:child_process'/,
      'a compiler': /\beval\(|new Function\(|renderRaw|renderRawSync|runInNewContext/,
    }
    const found: string[] = []
    for (const file of globSync('{app,start,commands,jobs,providers}/**/*.ts', {
      cwd: app.makePath(),
    })) {
      const source = readFileSync(app.makePath(file), 'utf8')
      for (const [what, pattern] of Object.entries(telling)) {
        if (pattern.test(source)) found.push(`${file}: ${what}`)
      }
    }
    assert.deepEqual(found, [])
  })
})
