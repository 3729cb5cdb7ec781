import type { Job } from 'bullmq'
import db from '@adonisjs/lucid/services/db'
import { redisOptions } from '#config/redis'
import { NotFound, NotPossibleNow, QueueUnavailable } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import type { AuditAction } from '#models/types'
import { QUEUE_NAMES, queueNamed, type QueueName } from '#services/queue'

export const JOB_STATES = ['failed', 'active', 'waiting', 'delayed'] as const
export type JobState = (typeof JOB_STATES)[number]

export type QueueView = {
  name: QueueName
  counts: Record<JobState, number>
  workers: number
  /** When the job was put there that waits the longest. */
  oldestWaitingAt: Date | null
}

export type JobView = {
  id: string
  name: string
  queue: QueueName
  /** Of the operation it is about. */
  operation: string | null
  attempts: number
  addedAt: Date
  /** When it ended, or when it is due. */
  endedAt: Date | null
  dueAt: Date | null
  reason: string | null
}

const JOBS_ON_PAGE = 50

/** How full the queues are, and whether anybody works on them. @throws QueueUnavailable */
export async function queueOverview(): Promise<QueueView[]> {
  return reaching(() =>
    Promise.all(
      QUEUE_NAMES.map(async (name) => {
        const queue = queueNamed(name)
        const [counts, workers, [oldest]] = await Promise.all([
          queue.getJobCounts('failed', 'active', 'waiting', 'prioritized', 'delayed'),
          queue.getWorkers(),
          queue.getJobs(['waiting'], 0, 0, true),
        ])
        return {
          name,
          counts: {
            failed: counts.failed ?? 0,
            active: counts.active ?? 0,
            waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
            delayed: counts.delayed ?? 0,
          },
          // The server's clients are told for all its databases.
          workers: workers.filter(({ db: number }) => Number(number) === redisOptions.db).length,
          oldestWaitingAt: oldest ? new Date(oldest.timestamp) : null,
        }
      })
    )
  )
}

/** The newest of one state. @throws QueueUnavailable */
export async function jobsIn(name: QueueName, state: JobState): Promise<JobView[]> {
  const jobs = await reaching(() => queueNamed(name).getJobs([state], 0, JOBS_ON_PAGE - 1))
  const found: Job[] = jobs.filter((job) => job !== undefined)
  const uids = await operationUids(found)
  return found.map((job) => jobView(name, job, uids.get(operationIdOf(job)) ?? null))
}

/** @throws NotFound, NotPossibleNow, QueueUnavailable */
export async function retryJob(name: QueueName, id: string): Promise<void> {
  await reaching(async () => {
    const job = await findJob(name, id)
    if ((await job.getState()) !== 'failed') throw new NotPossibleNow()
    await job.retry('failed')
  })
  await record('job.retried', name, id)
}

/** @throws NotFound, NotPossibleNow, QueueUnavailable */
export async function removeJob(name: QueueName, id: string): Promise<void> {
  await reaching(async () => {
    const job = await findJob(name, id)
    // What a worker holds is not taken from under it; it would go on without anybody knowing.
    if (await job.isActive()) throw new NotPossibleNow()
    await job.remove()
  })
  await record('job.removed', name, id)
}

async function findJob(name: QueueName, id: string): Promise<Job> {
  const job: Job | undefined = await queueNamed(name).getJob(id)
  if (!job) throw new NotFound()
  return job
}

function operationIdOf(job: Job): number {
  return Number((job.data as { operationId?: unknown }).operationId ?? 0)
}

async function operationUids(jobs: Job[]): Promise<Map<number, string>> {
  const rows = await db
    .from('operations')
    .whereIn('id', jobs.map(operationIdOf))
    .select('id', 'uid')
  return new Map(rows.map(({ id, uid }) => [id, uid]))
}

function jobView(queue: QueueName, job: Job, operation: string | null): JobView {
  return {
    id: job.id!,
    name: job.name,
    queue,
    operation,
    attempts: job.attemptsMade,
    addedAt: new Date(job.timestamp),
    endedAt: job.finishedOn ? new Date(job.finishedOn) : null,
    dueAt: job.delay > 0 ? new Date(job.timestamp + job.delay) : null,
    reason: job.failedReason ? job.failedReason.slice(0, 300) : null,
  }
}

function record(action: AuditAction, queue: QueueName, id: string): Promise<void> {
  return AuditEvent.record({
    action,
    organizationId: null,
    subject: { kind: 'job', uid: id.slice(0, 40), label: queue },
  })
}

async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NotFound || error instanceof NotPossibleNow) throw error
    throw new QueueUnavailable({}, { cause: error })
  }
}
