import { credentialKeys } from './credential_keys.js'
import { trustedProxies } from './trusted_proxies.js'
import { webhookRanges } from './webhook_ranges.js'

/** Values as the environment has them; what is unset is undefined or empty. */
export type Settings = {
  environment: 'development' | 'production' | 'test'
  appKey: string
  jwtSecret: string | undefined
  credentialKeys: string
  trustProxy: string | undefined
  webhookRanges: string | undefined
  databaseConnection: 'sqlite' | 'mysql'
  databaseHost: string | undefined
  databaseUser: string | undefined
  databaseName: string | undefined
  redisUrl: string | undefined
  sessionDriver: string | undefined
  limiterStore: string | undefined
  metricsToken: string | undefined
  smtpHost: string | undefined
  mailFrom: string | undefined
  numbers: Record<string, number | undefined>
}

/** Lowest and highest of what a number may be; beyond them nothing good happens. */
const BOUNDS: Record<string, [number, number]> = {
  PORT: [1, 65_535],
  BILLING_WAIT_MS: [0, 600_000],
  DB_PORT: [1, 65_535],
  DB_POOL_MAX: [2, 1_000],
  SMTP_PORT: [1, 65_535],
  OPERATION_STALE_MS: [500, 3_600_000],
  OPERATION_SWEEP_MS: [250, 3_600_000],
  OPERATION_MAX_FAILURES: [1, 1_000],
  OPERATION_BACKOFF_MS: [1, 60_000],
  WEBHOOK_ANSWER_MS: [100, 60_000],
  NOTICE_KEEP_DAYS: [30, 3_650],
  WORKER_CONCURRENCY: [1, 1_000],
  WORKER_HEALTH_PORT: [0, 65_535],
  SHUTDOWN_DELAY_MS: [0, 60_000],
  CONSOLE_IDLE_MINUTES: [1, 1_440],
}

/** Keys that stand in a file of this project. Everybody knows them. */
const KNOWN_TO_EVERYBODY = [
  'test-only-key-of-thirty-two-characters-or-more',
  'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
]

/** Settings with which the process must not start. The message has a line for each, with the variable's name. */
export class InvalidSettings extends Error {
  override name = 'InvalidSettings'
  readonly code = 'E_INVALID_SETTINGS'

  constructor(readonly problems: string[]) {
    super(['Portico does not start with these settings:', ...problems].join('\n  - '))
  }
}

/** @throws InvalidSettings; a secret's value is never repeated */
export function checkSettings(settings: Settings): void {
  const problems = [
    ...timeZone(),
    ...keys(settings),
    ...ranges(settings),
    ...database(settings),
    ...redis(settings),
    ...others(settings),
    ...numbers(settings),
  ]
  if (problems.length > 0) throw new InvalidSettings(problems)
}

/** Times go to the database without a zone: in another one they would be shifted. */
function timeZone(): string[] {
  const isUtc = [0, 6].every((month) => new Date(2026, month, 1).getTimezoneOffset() === 0)
  return isUtc ? [] : ['TZ: must be UTC in the environment of the process']
}

function keys({ environment, appKey, jwtSecret, credentialKeys: list }: Settings): string[] {
  const problems: string[] = []
  if (appKey.length < 32) problems.push('APP_KEY: must have 32 characters or more')
  if (jwtSecret && jwtSecret.length < 32) {
    problems.push('JWT_SECRET: must have 32 characters or more')
  }
  try {
    credentialKeys(list)
  } catch (error) {
    problems.push((error as Error).message)
  }
  if (environment === 'production') {
    for (const [name, value] of Object.entries({ APP_KEY: appKey, CREDENTIAL_KEYS: list })) {
      if (KNOWN_TO_EVERYBODY.some((sample) => value.includes(sample))) {
        problems.push(`${name}: is a sample that everybody knows; make one of your own`)
      }
    }
  }
  return problems
}

function ranges({ trustProxy, webhookRanges: list }: Settings): string[] {
  return [() => trustedProxies(trustProxy), () => webhookRanges(list)].flatMap((read) => {
    try {
      read()
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  })
}

function database(settings: Settings): string[] {
  if (settings.databaseConnection !== 'mysql') return []
  return Object.entries({
    DB_HOST: settings.databaseHost,
    DB_USER: settings.databaseUser,
    DB_DATABASE: settings.databaseName,
  })
    .filter(([, value]) => !value)
    .map(([name]) => `${name}: is needed when DB_CONNECTION is mysql`)
}

function redis({ redisUrl }: Settings): string[] {
  if (!redisUrl) return []
  const url = URL.canParse(redisUrl) ? new URL(redisUrl) : null
  const isRedis =
    url !== null &&
    ['redis:', 'rediss:'].includes(url.protocol) &&
    url.hostname !== '' &&
    /^(\/\d*)?$/.test(url.pathname)
  return isRedis
    ? []
    : ['REDIS_URL: must read redis://[user:password@]host[:port][/number], or rediss:// for TLS']
}

function others(settings: Settings): string[] {
  const problems: string[] = []
  if (settings.metricsToken && settings.metricsToken.length < 16) {
    problems.push('METRICS_TOKEN: must have 16 characters or more')
  }
  if (settings.smtpHost && !settings.mailFrom) {
    problems.push('MAIL_FROM: is needed when SMTP_HOST is set')
  }
  if (settings.environment === 'production') {
    if (settings.sessionDriver === 'memory') {
      problems.push('SESSION_DRIVER: memory forgets everybody at a restart; use database')
    }
    if (settings.limiterStore === 'memory') {
      problems.push('LIMITER_STORE: memory counts for one process only; use database')
    }
  }
  return problems
}

function numbers({ numbers: given }: Settings): string[] {
  return Object.entries(given)
    .filter(([name, value]) => value !== undefined && !isWithin(value, BOUNDS[name]!))
    .map(([name]) => `${name}: must be a whole number from ${BOUNDS[name]!.join(' to ')}`)
}

function isWithin(value: number, [lowest, highest]: [number, number]): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest
}
