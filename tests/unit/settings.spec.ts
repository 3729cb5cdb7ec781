import { test } from '@japa/runner'
import { execFile } from 'node:child_process'
import app from '@adonisjs/core/services/app'
import { checkSettings, type Settings } from '#start/settings'

const GOOD: Settings = {
  environment: 'production',
  appKey: 'x'.repeat(32),
  jwtSecret: undefined,
  credentialKeys: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  trustProxy: undefined,
  webhookRanges: undefined,
  databaseConnection: 'mysql',
  databaseHost: '127.0.0.1',
  databaseUser: 'portico',
  databaseName: 'portico',
  redisUrl: 'redis://127.0.0.1:6379/0',
  sessionDriver: undefined,
  limiterStore: undefined,
  metricsToken: undefined,
  smtpHost: undefined,
  mailFrom: undefined,
  numbers: { PORT: 3333, OPERATION_STALE_MS: undefined },
}

/** What is wrong, with these settings beside good ones. */
function problems(settings: Partial<Settings>): string {
  try {
    checkSettings({ ...GOOD, ...settings })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

/** What a process says when it starts with these variables beside those of .env.test, and how it ends. */
function start(
  variables: Record<string, string>,
  script = ['ace.js', 'list:routes']
): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const environment = { ...process.env, LOG_LEVEL: 'silent', ...variables }
    execFile(
      process.execPath,
      script,
      { cwd: app.makePath(), env: environment },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, said: `${stdout}${stderr}` })
      }
    )
  })
}

const SERVER = ['--import=@poppinss/ts-exec', 'bin/server.ts']

test.group('Settings', () => {
  test('good ones pass', ({ assert }) => {
    assert.equal(problems({}), '')
    assert.equal(problems({ databaseConnection: 'sqlite', databaseHost: '' }), '')
    assert.equal(problems({ redisUrl: 'rediss://user:p%40ss@redis.example.com:6380' }), '')
  })

  test('{name} is named when it is wrong')
    .with([
      { name: 'APP_KEY', settings: { appKey: 'short' } },
      { name: 'APP_KEY', settings: { appKey: 'test-only-key-of-thirty-two-characters-or-more' } },
      { name: 'CREDENTIAL_KEYS', settings: { credentialKeys: '' } },
      { name: 'CREDENTIAL_KEYS', settings: { credentialKeys: 'k1:c2hvcnQ=' } },
      { name: 'CREDENTIAL_KEYS', settings: { credentialKeys: `${GOOD.credentialKeys},k1:x` } },
      {
        name: 'CREDENTIAL_KEYS',
        settings: { credentialKeys: 't1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' },
      },
      { name: 'TRUST_PROXY', settings: { trustProxy: 'everybody' } },
      { name: 'WEBHOOK_ALLOWED_RANGES', settings: { webhookRanges: '10.0.0.0/8,inside' } },
      { name: 'WEBHOOK_ALLOWED_RANGES', settings: { webhookRanges: '10.0.0.0/40' } },
      { name: 'DB_HOST', settings: { databaseHost: '' } },
      { name: 'DB_USER', settings: { databaseUser: undefined } },
      { name: 'DB_DATABASE', settings: { databaseName: undefined } },
      { name: 'REDIS_URL', settings: { redisUrl: 'http://127.0.0.1' } },
      { name: 'REDIS_URL', settings: { redisUrl: '127.0.0.1:6379' } },
      { name: 'REDIS_URL', settings: { redisUrl: 'redis://127.0.0.1:6379/main' } },
      { name: 'SESSION_DRIVER', settings: { sessionDriver: 'memory' } },
      { name: 'LIMITER_STORE', settings: { limiterStore: 'memory' } },
      { name: 'METRICS_TOKEN', settings: { metricsToken: 'guessed' } },
      { name: 'MAIL_FROM', settings: { smtpHost: 'mail.example.com' } },
      { name: 'PORT', settings: { numbers: { PORT: 70_000 } } },
      { name: 'OPERATION_STALE_MS', settings: { numbers: { OPERATION_STALE_MS: 10 } } },
      { name: 'WORKER_CONCURRENCY', settings: { numbers: { WORKER_CONCURRENCY: 0.5 } } },
    ])
    .run(({ assert }, { name, settings }) => {
      assert.match(problems(settings), new RegExp(`- ${name}: `))
    })

  test('all that is wrong is told at once, and no secret with it', ({ assert }) => {
    const said = problems({ appKey: 'my-secret', credentialKeys: 'k1:my-secret', redisUrl: 'x' })
    assert.match(said, /APP_KEY[^]*CREDENTIAL_KEYS[^]*REDIS_URL/)
    assert.notInclude(said, 'my-secret')
  })

  test('samples are refused in production only', ({ assert }) => {
    const appKey = 'test-only-key-of-thirty-two-characters-or-more'
    assert.equal(problems({ environment: 'test', appKey }), '')
    assert.equal(problems({ environment: 'development', appKey, sessionDriver: 'memory' }), '')
  })

  test('a process with wrong settings does not start and says why', async ({ assert }) => {
    const starts = await Promise.all([
      start({ TZ: 'Asia/Shanghai' }),
      start({ APP_KEY: 'short', REDIS_URL: 'nowhere' }, SERVER),
      start({ PORT: 'many' }),
      start({ DB_CONNECTION: 'oracle' }),
    ])
    assert.deepEqual(
      starts.map(({ code }) => code),
      [1, 1, 1, 1]
    )
    const [zone, keys, port, database] = starts.map(({ said }) => said)
    assert.include(zone, 'TZ: must be UTC')
    assert.include(keys, 'APP_KEY: must have 32 characters or more')
    assert.include(keys, 'REDIS_URL: must read redis://')
    assert.notInclude(keys, ' at ')
    assert.include(port, 'PORT')
    assert.include(database, 'DB_CONNECTION')
  })
})
