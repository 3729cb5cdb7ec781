import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { onDriverCall } from '#drivers/calls'
import { OPEN_STATES } from '#models/operation'
import { QUEUE_NAMES, queueNamed } from '#services/queue'

/*
| What this process measures, for Prometheus. Labels come from closed sets only: route patterns, never
| addresses that somebody typed; clusters, never instances.
*/
export const register = new Registry()

collectDefaultMetrics({ register })

const requests = new Histogram({
  name: 'portico_http_request_duration_seconds',
  help: 'Requests by route pattern, method and status, until the last byte was sent',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [register],
})

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

export function countRequest(
  { method, route, status }: { method: string; route: string | null; status: number },
  durationMs: number
): void {
  requests.observe(
    { method: METHODS.has(method) ? method : 'other', route: route ?? 'none', status },
    durationMs / 1_000
  )
}

const calls = new Histogram({
  name: 'portico_cluster_call_duration_seconds',
  help: 'Requests to clusters, answered or not',
  labelNames: ['cluster', 'driver', 'call'],
  buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
  registers: [register],
})

const callErrors = new Counter({
  name: 'portico_cluster_call_errors_total',
  help: 'Requests to clusters that ended in an error, by its kind',
  labelNames: ['cluster', 'driver', 'call', 'kind'],
  registers: [register],
})

onDriverCall(({ cluster, driver, call, durationMs, errorKind }) => {
  calls.observe({ cluster, driver, call }, durationMs / 1_000)
  if (errorKind) callErrors.inc({ cluster, driver, call, kind: errorKind })
})

export const operationsEnded = new Counter({
  name: 'portico_operations_ended_total',
  help: 'Operations that this process brought to an end',
  labelNames: ['type', 'ending'],
  registers: [register],
})

export const openConsoles = new Gauge({
  name: 'portico_console_sockets',
  help: 'Consoles that are open in this process',
  registers: [register],
})

const openOperations = new Gauge({
  name: 'portico_operations_open',
  help: 'Operations that are not over, by state; the same in every process',
  labelNames: ['state'],
  registers: [register],
})

const oldestOperation = new Gauge({
  name: 'portico_operation_oldest_age_seconds',
  help: 'Age of the oldest open operation, by state; 0 when there is none',
  labelNames: ['state'],
  registers: [register],
})

const clusterOffline = new Gauge({
  name: 'portico_cluster_offline_seconds',
  help: 'For how long a cluster has not answered, 0 while it does; the same in every process',
  labelNames: ['cluster'],
  registers: [register],
})

const queueDepth = new Gauge({
  name: 'portico_queue_jobs',
  help: 'Jobs in the queues, by state; the same in every process',
  labelNames: ['queue', 'state'],
  registers: [register],
})

const unreadable = new Gauge({
  name: 'portico_metrics_unreadable',
  help: '1 while the database or the queue could not be asked for this answer',
  labelNames: ['source'],
  registers: [register],
})

/** The text that Prometheus reads. What cannot be asked is left out and said so, the rest is answered. */
export async function exposition(): Promise<string> {
  await Promise.all([
    readFrom('database', readDatabase, () => {
      openOperations.reset()
      oldestOperation.reset()
      clusterOffline.reset()
    }),
    readFrom('queue', readQueues, () => queueDepth.reset()),
  ])
  return register.metrics()
}

async function readFrom(source: string, read: () => Promise<void>, forget: () => void) {
  try {
    await read()
    unreadable.set({ source }, 0)
  } catch (error) {
    logger.warn({ source, err: error }, 'metrics could not be read')
    forget()
    unreadable.set({ source }, 1)
  }
}

async function readDatabase(): Promise<void> {
  await Promise.all([readOperations(), readClusters()])
}

async function readOperations(): Promise<void> {
  const rows: { state: string; total: number; oldest: Date | string }[] = await db
    .from('operations')
    .whereIn('state', [...OPEN_STATES])
    .groupBy('state')
    .select('state')
    .count('* as total')
    .min('created_at as oldest')
    .timeout(2_000)
  for (const state of OPEN_STATES) {
    const row = rows.find((candidate) => candidate.state === state)
    openOperations.set({ state }, Number(row?.total ?? 0))
    oldestOperation.set({ state }, row ? ageInSeconds(row.oldest) : 0)
  }
}

async function readClusters(): Promise<void> {
  const rows: { uid: string; offline_since: Date | string | null }[] = await db
    .from('clusters')
    .whereNull('removed_at')
    .select('uid', 'offline_since')
    .timeout(2_000)
  clusterOffline.reset()
  for (const { uid, offline_since: since } of rows) {
    clusterOffline.set({ cluster: uid }, since ? ageInSeconds(since) : 0)
  }
}

/** MySQL hands over a Date, SQLite the text that was written, in UTC. */
function ageInSeconds(moment: Date | string): number {
  const since = moment instanceof Date ? moment : new Date(`${moment.replace(' ', 'T')}Z`)
  return Math.max(0, (Date.now() - since.getTime()) / 1_000)
}

async function readQueues(): Promise<void> {
  for (const name of QUEUE_NAMES) {
    const counts = await queueNamed(name).getJobCounts('waiting', 'active', 'delayed', 'failed')
    for (const [state, total] of Object.entries(counts)) {
      queueDepth.set({ queue: name, state }, total)
    }
  }
}
