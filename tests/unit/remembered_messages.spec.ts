import { test } from '@japa/runner'
import { formatters } from '@adonisjs/i18n'
import app from '@adonisjs/core/services/app'
import { RememberedMessages } from '#start/remembered_messages'

/** Message, and values to fill it with one after the other. */
const MESSAGES: [string, ...Record<string, unknown>[]][] = [
  ['Instances', {}],
  ['Create {name}', { name: 'web-1' }, { name: 'web-2' }, { name: "<b>'{x}'" }],
  ['{count, plural, =0 {none} one {# address} other {# addresses}}', { count: 0 }, { count: 1 }],
  ['{count, plural, one {# address} other {# addresses}}', { count: 2 }, { count: 12_345.5 }],
  ['{state, select, running {runs} other {rests}}', { state: 'running' }, { state: 'x' }],
  ['{at, date, medium} {at, time, short}', { at: new Date(0) }, { at: new Date(86_400_000) }],
  ['{share, number, percent} of {all, number}', { share: 0.42, all: 1_234_567n }],
  ["It''s '{literal}', isn't it, {name}?", { name: 'Ada' }],
  ["Don't and don''t", {}],
  ['<a href="#">{name}</a> & more', { name: 'tag' }],
]

test.group('Remembered messages', () => {
  for (const locale of ['en', 'zh-CN']) {
    test(`say in ${locale} what the formatter says that parses each time`, async ({ assert }) => {
      const plain = (await formatters.icu().resolver(app))({} as never)
      const remembered = new RememberedMessages()
      for (const [message, ...values] of MESSAGES) {
        // Twice: what was remembered is no other than what was parsed.
        for (const data of [...values, ...values]) {
          assert.equal(
            remembered.format(message, locale, data),
            plain.format(message, locale, data),
            message
          )
        }
      }
      assert.equal(remembered.size, MESSAGES.length)
    })
  }

  test('a message that lacks a value is refused each time', ({ assert }) => {
    const remembered = new RememberedMessages()
    for (let time = 0; time < 2; time++) {
      assert.throws(() => remembered.format('Create {name}', 'en'), /name/)
    }
  })

  test('languages are kept apart', ({ assert }) => {
    const remembered = new RememberedMessages()
    const message = '{count, plural, one {# thing} other {# things}}'
    assert.equal(remembered.format(message, 'en', { count: 1 }), '1 thing')
    assert.equal(remembered.format(message, 'zh-CN', { count: 1 }), '1 things')
  })

  test('texts that are no messages of ours do not pile up', ({ assert }) => {
    const remembered = new RememberedMessages()
    for (let number = 0; number < 10_050; number++) remembered.format(`said ${number}`, 'en')
    assert.isAtMost(remembered.size, 10_000)
    assert.equal(remembered.format('said {name}', 'en', { name: 'so' }), 'said so')
  })
})
