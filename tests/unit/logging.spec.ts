import { test } from '@japa/runner'
import { Writable } from 'node:stream'
import { Logger } from '@adonisjs/core/logger'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import type loggerConfig from '#config/logger'
import { LogContext } from '#start/log_context'

/** A logger with our own settings that writes into an array. */
function capture() {
  const lines: Record<string, unknown>[] = []
  const written: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const { loggers } = app.config.get<typeof loggerConfig>('logger')
  const logger = new Logger({ ...loggers.app, level: 'trace', enabled: true, destination })
  return { logger, lines, written, text: () => JSON.stringify(lines) }
}

test.group('Logs', () => {
  test('every line of a piece of work says on whose behalf it was written', async ({ assert }) => {
    const { logger, lines } = capture()
    await LogContext.run({ requestId: 'request-1' }, async () => {
      logger.info('outside')
      await LogContext.run({ operation: 'x1' }, async () => {
        LogContext.add({ step: 'create' })
        await Promise.resolve()
        logger.info('inside')
      })
      logger.info('outside again')
    })
    logger.info('nobody')
    const context = lines.map(({ requestId, operation, step }) => [requestId, operation, step])
    assert.deepEqual(context, [
      ['request-1', undefined, undefined],
      ['request-1', 'x1', 'create'],
      ['request-1', undefined, undefined],
      [undefined, undefined, undefined],
    ])
  })

  test('what somebody typed neither ends a line nor moves a terminal', ({ assert }) => {
    const { logger, lines, written } = capture()
    const typed = 'web\r\n{"level":60,"msg":"forged"}\u001b[2J\u2028\u202e'
    logger.info({ name: typed, err: new Error(typed) }, typed)
    logger.error({ [typed]: 1 }, 'a key')
    assert.lengthOf(lines, 2)
    assert.equal(lines[0]!.name, typed)
    for (const line of written) assert.notMatch(line.trimEnd(), /\p{Cc}/u)
  })

  test('fields that hold secrets are blacked out, also within others', ({ assert }) => {
    const { logger, text } = capture()
    const canary = 'canary-7f3a'
    logger.info({ password: canary, body: { rootPassword: canary }, a: { b: { token: canary } } })
    logger.info({ headers: { authorization: canary, cookie: canary } })
    logger.info({ cluster: { credentials: { privateKey: canary } } })
    assert.notInclude(text(), canary)
    assert.include(text(), '[redacted]')
  })

  test('an error brings its message, kind and causes, and nothing that hangs on it', ({
    assert,
  }) => {
    const { logger, lines, text } = capture()
    const canary = 'canary-7f3a'
    const cause = Object.assign(new Error('the socket closed'), { code: 'ECONNRESET', sql: canary })
    const error = Object.assign(new Error('it failed', { cause }), {
      kind: 'unreachable',
      request: { headers: { 'x-key': canary } },
    })
    logger.error({ err: error }, 'a step failed')
    assert.containsSubset(lines[0], {
      err: { message: 'it failed', kind: 'unreachable', cause: { code: 'ECONNRESET' } },
    })
    assert.notInclude(text(), canary)
  })

  test('a statement that failed is told without its values', async ({ assert }) => {
    const { logger, text } = capture()
    const canary = 'canary-7f3a'
    await db
      .table('one_time_secrets')
      .insert({ uid: 's1', value_encrypted: canary, nonsense: canary })
      .catch((error) => logger.error({ err: error }))
    assert.include(text(), 'one_time_secrets')
    assert.notInclude(text(), canary)
  })

  test('times are ISO 8601 in UTC', ({ assert }) => {
    const { logger, lines } = capture()
    logger.info('now')
    assert.match(String(lines[0].time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })
})
