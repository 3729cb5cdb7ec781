import { test } from '@japa/runner'
import { Queue } from 'bullmq'
import mail from '@adonisjs/mail/services/main'
import { redisOptions } from '#config/redis'
import VerifyEmailMail from '#mails/verify_email_mail'
import SecurityNoticeMail from '#mails/security_notice_mail'
import { sendSealed } from '#services/post'
import { seal } from '#services/vault'

test.group('Mails', (group) => {
  group.each.teardown(() => mail.restore())

  test('say the same as text and as HTML, in the language of the reader', async ({ assert }) => {
    const read = async (locale: string) => {
      const sent = new SecurityNoticeMail({ email: 'li@example.com', locale }, 'passkey_added', {
        name: '<b>key</b>',
      })
      await sent.build()
      const { message } = sent.message.toObject()
      return { text: String(message.text), html: String(message.html), subject: message.subject }
    }
    const [zh, en] = [await read('zh-CN'), await read('en')]
    assert.equal(zh.subject, '添加了通行密钥')
    assert.equal(en.subject, 'A passkey was added')
    assert.include(en.text, '<b>key</b>')
    assert.include(en.html, '&lt;b&gt;key&lt;/b&gt;')
    assert.notInclude(en.html, '<b>key</b>')
    assert.include(zh.html, 'lang="zh-CN"')
  })

  test('that the worker takes up are opened and sent', async ({ assert }) => {
    const outbox = mail.fake()
    const sent: string[] = []
    outbox.transport.send = async (message) => {
      sent.push(String(message.subject))
      return {} as never
    }
    await sendSealed(seal(JSON.stringify({ subject: 'Hello', to: ['li@example.com'] }), 'mail'))
    assert.deepEqual(sent, ['Hello'])
  })

  test('lie in Redis without the link that they carry', async ({ assert }) => {
    const queue = new Queue('mail', { connection: { ...redisOptions, maxRetriesPerRequest: 1 } })
    try {
      await queue.waitUntilReady()
      await queue.drain()
      await mail.sendLater(
        new VerifyEmailMail({ email: 'li@example.com', locale: 'en' }, 'secret-of-the-link')
      )
      const jobs = await queue.getJobs(['waiting'])
      assert.lengthOf(jobs, 1)
      assert.notInclude(JSON.stringify(jobs[0]!.data), 'secret-of-the-link')
      assert.notInclude(JSON.stringify(jobs[0]!.data), 'li@example.com')
      await queue.drain()
    } finally {
      await queue.close()
    }
  })
})
