import { Queue } from 'bullmq'
import logger from '@adonisjs/core/services/logger'
import { redisOptions } from '#config/redis'

export const OPERATIONS_QUEUE = 'operations'
export const MAINTENANCE_QUEUE = 'maintenance'
export const MAIL_QUEUE = 'mail'
export const QUEUE_NAMES = [OPERATIONS_QUEUE, MAINTENANCE_QUEUE, MAIL_QUEUE] as const
export type QueueName = (typeof QUEUE_NAMES)[number]

export type OperationJob = { operationId: number }
/** The whole message, encrypted: it may hold a one-time link. */
export type MailJob = { sealed: string }

/** A Redis that is away, or accepts and does not answer, must not hold a request for longer. */
const COMMAND_TIMEOUT_MS = 2_000

const queues = new Map<QueueName, Queue>()

/** One connection a process and queue, made at first use; what is asked before it stands waits for it. */
export function queueNamed(name: QueueName): Queue {
  const known = queues.get(name)
  if (known) return known
  const queue = new Queue(name, {
    connection: {
      ...redisOptions,
      maxRetriesPerRequest: 1,
      connectTimeout: COMMAND_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      retryStrategy: (times) => Math.min(times * 100, 1_000),
    },
    skipWaitingForReady: true,
  })
  queue.on('error', (error) => logger.warn({ queue: name, err: error }, 'queue connection'))
  queues.set(name, queue)
  // BullMQ keeps a first connection that failed for ever: the next to ask gets a new queue.
  queue.waitUntilReady().catch(() => {
    if (queues.get(name) === queue) queues.delete(name)
    queue.close().catch((error) => logger.debug({ queue: name, err: error }, 'closing a queue'))
  })
  return queue
}

/**
 * Puts a job for the operation into the queue. The job's id names the attempt, so that many nudges for
 * one attempt are one job, and a nudge after a crash is not swallowed by the dead worker's job.
 * A failure is only logged: the row is the truth and the sweep nudges again.
 */
export async function nudge(operationId: number, attempt: number, delayMs = 0): Promise<void> {
  const job: OperationJob = { operationId }
  try {
    await queueNamed(OPERATIONS_QUEUE).add('run', job, {
      jobId: `operation-${operationId}-${attempt}`,
      delay: delayMs,
      removeOnComplete: true,
      removeOnFail: { age: 7 * 24 * 3600, count: 1000 },
    })
  } catch (error) {
    logger.warn({ operationId, err: error }, 'the queue took no nudge; the sweep will')
  }
}

export async function closeQueues(): Promise<void> {
  await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
  queues.clear()
}
