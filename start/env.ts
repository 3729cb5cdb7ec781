/*
| The only reader of the process's environment beside config/. Each variable has a default that suits
| one machine, or the process refuses to start and names the variable.
*/
import { Env } from '@adonisjs/core/env'
import { checkSettings } from './settings.js'

const env = await Env.create(new URL('../', import.meta.url), {
  NODE_ENV: Env.schema.enum(['development', 'production', 'test'] as const),
  HOST: Env.schema.string.optional({ format: 'host' }),
  PORT: Env.schema.number.optional(),
  LOG_LEVEL: Env.schema.enum.optional([
    'fatal',
    'error',
    'warn',
    'info',
    'debug',
    'trace',
    'silent',
  ] as const),

  /** 32 characters or more; signs cookies and encrypts what expires soon. */
  APP_KEY: Env.schema.secret(),
  /** The address people type. Decides secure cookies, links in mails and passkeys. */
  APP_URL: Env.schema.string({ format: 'url', tld: false }),
  /** Addresses of reverse proxies whose X-Forwarded-* is believed, comma separated. Empty: nobody's. */
  TRUST_PROXY: Env.schema.string.optional(),

  /**
   * Keys for cluster credentials and other lasting secrets: `id:base64-of-32-bytes`, comma separated.
   * The first encrypts, all decrypt. `node ace encryption:rotate` re-encrypts under the first.
   */
  CREDENTIAL_KEYS: Env.schema.secret(),

  DB_CONNECTION: Env.schema.enum.optional(['sqlite', 'mysql'] as const),
  DB_FILE: Env.schema.string.optional(),
  DB_HOST: Env.schema.string.optional(),
  DB_PORT: Env.schema.number.optional(),
  DB_USER: Env.schema.string.optional(),
  DB_PASSWORD: Env.schema.secret.optional(),
  DB_DATABASE: Env.schema.string.optional(),
  DB_POOL_MAX: Env.schema.number.optional(),

  REDIS_URL: Env.schema.string.optional(),

  SESSION_DRIVER: Env.schema.enum.optional(['database', 'memory'] as const),
  LIMITER_STORE: Env.schema.enum.optional(['database', 'memory'] as const),

  /** Without SMTP_HOST mails are written to tmp/mail. */
  SMTP_HOST: Env.schema.string.optional(),
  SMTP_PORT: Env.schema.number.optional(),
  SMTP_USER: Env.schema.string.optional(),
  SMTP_PASSWORD: Env.schema.secret.optional(),
  SMTP_TLS: Env.schema.enum.optional(['none', 'starttls', 'tls'] as const),
  MAIL_FROM: Env.schema.string.optional(),

  /** Where archives of backups lie: a folder that every process reaches, or an S3-compatible store. */
  BACKUP_STORE: Env.schema.enum.optional(['local', 's3'] as const),
  BACKUP_FOLDER: Env.schema.string.optional(),
  BACKUP_S3_ENDPOINT: Env.schema.string.optional(),
  BACKUP_S3_REGION: Env.schema.string.optional(),
  BACKUP_S3_BUCKET: Env.schema.string.optional(),
  BACKUP_S3_ACCESS_KEY: Env.schema.string.optional(),
  BACKUP_S3_SECRET_KEY: Env.schema.secret.optional(),
  /** How many an instance may have, and how long one is kept that nobody deletes; 0: for good. */
  BACKUPS_PER_INSTANCE: Env.schema.number.optional(),
  BACKUP_KEEP_DAYS: Env.schema.number.optional(),

  /** How operations recover; the defaults suit production, tests shorten them. */
  OPERATION_STALE_MS: Env.schema.number.optional(),
  OPERATION_SWEEP_MS: Env.schema.number.optional(),
  DOCTOR_NAME: Env.schema.string.optional(),
  DOCTOR_OUTSIDE: Env.schema.string.optional(),
  OPERATION_MAX_FAILURES: Env.schema.number.optional(),
  OPERATION_BACKOFF_MS: Env.schema.number.optional(),

  /** Addresses and CIDRs beside the public ones that webhooks may lead to, with commas. */
  WEBHOOK_ALLOWED_RANGES: Env.schema.string.optional(),
  /** How long an endpoint has to answer. */
  WEBHOOK_ANSWER_MS: Env.schema.number.optional(),
  /** How long what was told is kept, with its deliveries. */
  NOTICE_KEEP_DAYS: Env.schema.number.optional(),

  /** How long the billing API waits for an operation before it says that it still runs. */
  BILLING_WAIT_MS: Env.schema.number.optional(),

  /** Signs the tokens of /api/auth/login: 32 characters or more. Unset: a key that follows from APP_KEY. */
  JWT_SECRET: Env.schema.secret.optional(),
  /** Whether strangers may make an account over /api/auth/register. */
  API_REGISTRATION: Env.schema.enum.optional(['open', 'closed'] as const),

  /** Operations a worker runs at once. */
  WORKER_CONCURRENCY: Env.schema.number.optional(),
  /** Port on which a worker answers /health and /metrics; 0 or unset: none. */
  WORKER_HEALTH_PORT: Env.schema.number.optional(),
  /** How long a web process that was told to end still accepts connections. */
  SHUTDOWN_DELAY_MS: Env.schema.number.optional(),
  /** How long a console in the browser stays open without a key pressed. */
  CONSOLE_IDLE_MINUTES: Env.schema.number.optional(),
  /** Bearer token that /metrics asks for. Unset: loopback only. */
  METRICS_TOKEN: Env.schema.secret.optional(),
  /** Bearer token for external signers of licences. */
  LICENSE_SIGNER_SECRET: Env.schema.secret.optional(),
})

checkSettings({
  environment: env.get('NODE_ENV'),
  appKey: env.get('APP_KEY').release(),
  jwtSecret: env.get('JWT_SECRET')?.release(),
  credentialKeys: env.get('CREDENTIAL_KEYS').release(),
  trustProxy: env.get('TRUST_PROXY'),
  webhookRanges: env.get('WEBHOOK_ALLOWED_RANGES'),
  databaseConnection: env.get('DB_CONNECTION', 'sqlite'),
  databaseHost: env.get('DB_HOST'),
  databaseUser: env.get('DB_USER'),
  databaseName: env.get('DB_DATABASE'),
  redisUrl: env.get('REDIS_URL'),
  sessionDriver: env.get('SESSION_DRIVER'),
  limiterStore: env.get('LIMITER_STORE'),
  metricsToken: env.get('METRICS_TOKEN')?.release(),
  smtpHost: env.get('SMTP_HOST'),
  mailFrom: env.get('MAIL_FROM'),
  numbers: {
    PORT: env.get('PORT'),
    DB_PORT: env.get('DB_PORT'),
    DB_POOL_MAX: env.get('DB_POOL_MAX'),
    SMTP_PORT: env.get('SMTP_PORT'),
    OPERATION_STALE_MS: env.get('OPERATION_STALE_MS'),
    OPERATION_SWEEP_MS: env.get('OPERATION_SWEEP_MS'),
    OPERATION_MAX_FAILURES: env.get('OPERATION_MAX_FAILURES'),
    OPERATION_BACKOFF_MS: env.get('OPERATION_BACKOFF_MS'),
    WEBHOOK_ANSWER_MS: env.get('WEBHOOK_ANSWER_MS'),
    NOTICE_KEEP_DAYS: env.get('NOTICE_KEEP_DAYS'),
    BILLING_WAIT_MS: env.get('BILLING_WAIT_MS'),
    WORKER_CONCURRENCY: env.get('WORKER_CONCURRENCY'),
    WORKER_HEALTH_PORT: env.get('WORKER_HEALTH_PORT'),
    SHUTDOWN_DELAY_MS: env.get('SHUTDOWN_DELAY_MS'),
    CONSOLE_IDLE_MINUTES: env.get('CONSOLE_IDLE_MINUTES'),
  },
})

export default env
