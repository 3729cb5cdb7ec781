/*
| The only reader of the process's environment beside config/. Each variable has a default that suits
| one machine, or the process refuses to start and names the variable.
*/
import { Env } from '@adonisjs/core/env'

export default await Env.create(new URL('../', import.meta.url), {
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

  /** How operations recover; the defaults suit production, tests shorten them. */
  OPERATION_STALE_MS: Env.schema.number.optional(),
  OPERATION_SWEEP_MS: Env.schema.number.optional(),
  OPERATION_MAX_FAILURES: Env.schema.number.optional(),
  OPERATION_BACKOFF_MS: Env.schema.number.optional(),

  /** Operations a worker runs at once. */
  WORKER_CONCURRENCY: Env.schema.number.optional(),
  /** Port on which a worker answers /health and /metrics; 0 or unset: none. */
  WORKER_HEALTH_PORT: Env.schema.number.optional(),
  /** Bearer token that /metrics asks for. Unset: loopback only. */
  METRICS_TOKEN: Env.schema.secret.optional(),
})
