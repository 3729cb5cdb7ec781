import { test } from '@japa/runner'
import { rm } from 'node:fs/promises'
import mail from '@adonisjs/mail/services/main'
import { MAIL_FOLDER } from '#start/file_mail_transport'
import { isLocalName } from '#middleware/local_only_middleware'
import VerifyEmailMail from '#mails/verify_email_mail'

test.group('Mails without a server', (group) => {
  group.each.setup(() => rm(MAIL_FOLDER, { recursive: true, force: true }))

  test('become files, and a page for a browser on this machine', async ({ client, assert }) => {
    const empty = await client.get('/development/mail')
    empty.assertStatus(200)
    await mail.send(
      new VerifyEmailMail({ email: 'li@example.com', locale: 'zh-CN' }, 'the-secret-of-the-link')
    )
    const list = await client.get('/development/mail')
    list.assertTextIncludes('确认你的邮箱')
    const path = list.text().match(/\/development\/mail\/[\w.-]+/)?.[0]
    const opened = await client.get(path!)
    opened.assertTextIncludes('the-secret-of-the-link')
    assert.match(opened.header('cache-control') ?? '', /no-store/)
  })

  test('are hidden from {title}')
    .with([
      { title: 'what came through a proxy', name: 'x-forwarded-for', value: '203.0.113.7' },
      { title: 'what says so in the standard way', name: 'forwarded', value: 'for=203.0.113.7' },
    ])
    .run(async ({ client }, { name, value }) => {
      const refused = await client.get('/development/mail').header(name, value)
      refused.assertStatus(404)
    })

  test('only names of this machine are local', ({ assert }) => {
    for (const name of ['localhost', 'portal.localhost', '127.0.0.1', '127.8.0.1', '[::1]']) {
      assert.isTrue(isLocalName(name), name)
    }
    for (const name of ['portal.example.com', 'localhost.example.com', '10.0.0.1', '']) {
      assert.isFalse(isLocalName(name), name)
    }
  })

  test('no name leads out of their folder', async ({ client }) => {
    const refused = await client.get('/development/mail/..%2f..%2fpackage')
    refused.assertStatus(404)
  })
})
