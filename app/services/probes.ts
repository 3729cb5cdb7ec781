import { createHash, timingSafeEqual } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { parse } from 'node:path'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import redis from '@adonisjs/redis/services/main'
import { metricsToken } from '#config/metrics'
import { exposition, register } from '#services/metrics'
import { shuttingDown } from '#services/shutdown'

export type ProbeRequest = {
  path: string
  authorization: string | undefined
  /** Address of the other end of the socket. */
  peer: string | undefined
  /** A proxy passed it on: then the peer says nothing about who asks. */
  isForwarded: boolean
}

export type ProbeAnswer = { status: number; type: string; body: string }

type CheckState = 'ok' | 'failed'

/** Longer than this is as good as no answer. */
const CHECK_MS = 2_000
/** However often it is asked, the database and Redis are asked once in this time. */
const FRESH_MS = 1_000

/** What machines ask a process, web or worker: /health, /health/live, /health/ready, /metrics. */
export async function answerProbe(request: ProbeRequest): Promise<ProbeAnswer | null> {
  switch (request.path) {
    case '/health/live':
      return json(200, { status: 'live' })
    case '/health/ready':
      return ready()
    case '/health':
      return summary()
    case '/metrics':
      return metrics(request)
    default:
      return null
  }
}

async function ready(): Promise<ProbeAnswer> {
  if (shuttingDown.aborted) return json(503, { status: 'shutting_down' })
  const checks = await freshChecks()
  const isReady = Object.values(checks).every((state) => state === 'ok')
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', checks })
}

/** For people: always 200 while the process lives, so that the answer can be read. */
async function summary(): Promise<ProbeAnswer> {
  const checks = await freshChecks()
  const isHealthy = Object.values(checks).every((state) => state === 'ok')
  const status = shuttingDown.aborted ? 'shutting_down' : isHealthy ? 'healthy' : 'degraded'
  return json(200, { status, uptimeSeconds: Math.floor(process.uptime()), checks })
}

async function metrics({ authorization, peer, isForwarded }: ProbeRequest): Promise<ProbeAnswer> {
  if (metricsToken) {
    if (!isSame(authorization ?? '', `Bearer ${metricsToken.release()}`)) {
      return json(401, { error: { code: 'E_UNAUTHENTICATED' } })
    }
  } else if (isForwarded || !isLoopback(peer)) {
    return json(404, { error: { code: 'E_NOT_FOUND' } })
  }
  return { status: 200, type: register.contentType, body: await exposition() }
}

type Checks = Record<'database' | 'redis' | 'migrations', CheckState>

let latest: { at: number; checks: Promise<Checks> } | null = null

function freshChecks(): Promise<Checks> {
  if (!latest || Date.now() - latest.at > FRESH_MS) latest = { at: Date.now(), checks: check() }
  return latest.checks
}

async function check(): Promise<Checks> {
  const [database, redisState, migrations] = await Promise.all([
    judge('database', () => db.rawQuery('select 1')),
    judge('redis', () => redis.ping()),
    judge('migrations', areMigrated),
  ])
  return { database, redis: redisState, migrations }
}

/** Why it failed stands in the log: it could name hosts and accounts. */
async function judge(name: string, ask: () => Promise<unknown>): Promise<CheckState> {
  const patience = new AbortController()
  const tooLong = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${CHECK_MS} ms`)), CHECK_MS)
    patience.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  try {
    const answer = await Promise.race([ask(), tooLong])
    return answer === false ? 'failed' : 'ok'
  } catch (error) {
    logger.warn({ check: name, err: error }, 'a health check failed')
    return 'failed'
  } finally {
    patience.abort()
  }
}

let migrated = false

/** Whether the database has every migration of this release. Once it has, it stays so. */
async function areMigrated(): Promise<boolean> {
  if (migrated) return true
  const files = await readdir(app.migrationsPath())
  const rows: { name: string }[] = await db.from('adonis_schema').select('name')
  const done = new Set(rows.map((row) => row.name))
  migrated = files
    .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
    .every((file) => done.has(`database/migrations/${parse(file).name}`))
  return migrated
}

function isLoopback(peer: string | undefined): boolean {
  return peer !== undefined && /^(::ffff:)?127\.|^::1$/.test(peer)
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function json(status: number, body: Record<string, unknown>): ProbeAnswer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` }
}
