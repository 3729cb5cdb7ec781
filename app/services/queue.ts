import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import logger from '@adonisjs/core/services/logger'
import { redisOptions } from '#config/redis'

export const OPERATIONS_QUEUE = 'operations'
export const MAINTENANCE_QUEUE = 'maintenance'
export const MAIL_QUEUE = 'mail'
export const QUEUE_NAMES = [OPERATIONS_QUEUE, MAINTENANCE_QUEUE, MAIL_QUEUE] as const
export type QueueName = (typeof QUEUE_NAMES)[number]

export type OperationJob = { operationId: number }
export type BatchJob = { batchId: number }
/** Name of the jobs that examine one cluster; the others of their queue come by schedule. */
export const EXAMINE = 'examine'
export type ExaminationJob = { clusterId: number }
/** The whole message, encrypted: it may hold a one-time link. */
export type MailJob = { sealed: string }

/** A Redis that is away, or accepts and does not answer, must not hold a request for longer. */
const COMMAND_TIMEOUT_MS = 2_000

const queues = new Map<QueueName, { queue: Queue; client: Redis }>()

/** One connection a process and queue, made at first use. */
export function queueNamed(name: QueueName): Queue {
  const known = queues.get(name)
  if (known) return known.queue
  const client = connect(name)
  const queue = new Queue(name, { connection: client, skipWaitingForReady: true })
  queue.on('error', (error) => logger.warn({ queue: name, err: error }, 'queue'))
  queues.set(name, { queue, client })
  queue.waitUntilReady().catch(() => {
    // BullMQ keeps a first connection that failed for ever: the next to ask gets a new queue.
    if (queues.get(name)?.queue === queue) queues.delete(name)
    client.disconnect()
  })
  return queue
}

/** What is asked before it stands waits for it; from then on a Redis that is away fails at once. */
function connect(name: QueueName): Redis {
  const client = new Redis({
    ...redisOptions,
    maxRetriesPerRequest: 1,
    connectTimeout: COMMAND_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, 1_000),
  })
  client.on('error', (error) => logger.warn({ queue: name, err: error }, 'queue connection'))
  client.once('ready', () => {
    client.options.enableOfflineQueue = false
  })
  return client
}

/**
 * Puts a job for the operation into the queue. Jobs carry no id of ours: a second job finds the operation
 * taken and is over at once, while an id that a dead worker's job still holds would swallow the nudge.
 * A failure is only logged: the row is the truth and the sweep nudges again.
 */
export async function nudge(operationId: number, delayMs = 0): Promise<void> {
  const job: OperationJob = { operationId }
  await put('run', job, delayMs)
}

/** The same for a batch, which opens operations of its own. */
export async function nudgeBatch(batchId: number): Promise<void> {
  const job: BatchJob = { batchId }
  await put('batch', job)
}

async function put(name: 'run' | 'batch', job: OperationJob | BatchJob, delay = 0): Promise<void> {
  try {
    await queueNamed(OPERATIONS_QUEUE).add(name, job, {
      delay,
      removeOnComplete: true,
      removeOnFail: { age: 7 * 24 * 3600, count: 1000 },
    })
  } catch (error) {
    logger.warn({ ...job, err: error }, 'the queue took no nudge; the sweep will')
  }
}

/** Has a cluster examined soon; when the queue is away, the next minute's look finds that it was asked for. */
export async function examine(clusterId: number): Promise<void> {
  const job: ExaminationJob = { clusterId }
  try {
    await queueNamed(MAINTENANCE_QUEUE).add(EXAMINE, job, {
      removeOnComplete: true,
      removeOnFail: true,
    })
  } catch (error) {
    logger.warn({ clusterId, err: error }, 'the queue took no examination')
  }
}

export async function closeQueues(): Promise<void> {
  for (const { queue, client } of queues.values()) {
    await queue.close().catch((error) => logger.debug({ err: error }, 'closing a queue'))
    client.disconnect()
  }
  queues.clear()
}
