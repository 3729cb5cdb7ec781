import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, Worker, type Job } from 'bullmq'
import logger from '@adonisjs/core/services/logger'
import { sweepEveryMs } from '#config/operations'
import { probeHost, workerConcurrency, workerHealthPort } from '#config/queue'
import { redisOptions } from '#config/redis'
import { ClusterWatches } from '#models/cluster_watch'
import { Tenant } from '#models/concerns/tenant'
import {
  closeQueues,
  EXAMINE,
  MAIL_QUEUE,
  MAINTENANCE_QUEUE,
  OPERATIONS_QUEUE,
  queueNamed,
  type BatchJob,
  type ExaminationJob,
  type MailJob,
  type OperationJob,
} from '#services/queue'
import { startProbeServer } from '#services/probe_server'
import { announceShutdown, shuttingDown } from '#services/shutdown'
import ExamineClusterJob from '#jobs/examine_cluster_job'
import RecurringJob from '#jobs/recurring_job'
import RunBatchJob from '#jobs/run_batch_job'
import RunOperationJob from '#jobs/run_operation_job'
import SendMailJob from '#jobs/send_mail_job'
import { ensureProvider } from '#start/provider_organization'
import { schedule } from '#start/schedule'

export type Workers = { stop(): Promise<void> }

/** A flushed or replaced Redis forgets the schedule; it is written again this often. */
const RESCHEDULE_MS = Math.min(15_000, sweepEveryMs)
/** Steps that do not stop by then are left to the sweep of another worker. */
const STOP_MS = 25_000
/** When nothing runs any more, only Redis is still waited for, and it may be away. */
const CLOSE_MS = 1_000

const connection = { ...redisOptions, maxRetriesPerRequest: null }

export async function startWorkers(): Promise<Workers> {
  const running = new Set<Promise<unknown>>()
  // A job must bring its own tenant: whatever was set where it was made does not count.
  const run = <T>(work: () => Promise<T>): Promise<T> => {
    const job = Tenant.none(work)
    const forget = () => running.delete(job)
    running.add(job)
    job.then(forget, forget)
    return job
  }
  await ensureProvider()
  const operations = new Worker(
    OPERATIONS_QUEUE,
    async (job: Job<OperationJob | BatchJob>, token) => {
      const { data } = job
      const result = await run(() =>
        'batchId' in data
          ? new RunBatchJob().handle(data, shuttingDown)
          : new RunOperationJob().handle(data, shuttingDown)
      )
      if (result.done) return
      await job.moveToDelayed(Date.now() + result.againInMs, token)
      throw new DelayedError()
    },
    {
      connection,
      concurrency: workerConcurrency,
      lockDuration: 30_000,
      stalledInterval: 30_000,
      // A job that is run again finds out by the row whether there is anything left to do.
      maxStalledCount: 1_000,
    }
  )
  const maintenance = new Worker(
    MAINTENANCE_QUEUE,
    (job: Job) =>
      run(() =>
        job.name === EXAMINE
          ? new ExamineClusterJob().handle(job.data as ExaminationJob)
          : new RecurringJob().handle(job.name)
      ),
    { connection, concurrency: 4 }
  )
  const mails = new Worker(
    MAIL_QUEUE,
    (job: Job<MailJob>) => run(() => new SendMailJob().handle(job.data)),
    { connection, concurrency: 4 }
  )
  const workers = [operations, maintenance, mails]
  for (const worker of workers) {
    worker.on('error', (error) => logger.warn({ queue: worker.name, err: error }, 'worker'))
    worker.on('failed', (job, error) =>
      logger.error({ queue: worker.name, job: job?.id, name: job?.name, err: error }, 'job failed')
    )
  }
  const watches = new ClusterWatches()
  watches.start()
  const probes = workerHealthPort > 0 ? await startProbeServer(workerHealthPort, probeHost) : null

  await writeSchedule()
  const reschedule = setInterval(() => void writeSchedule(), RESCHEDULE_MS)

  return {
    async stop() {
      clearInterval(reschedule)
      watches.stop()
      announceShutdown()
      const closed = Promise.allSettled(workers.map((worker) => worker.close()))
      await Promise.race([closed, whenOver(running), pause(STOP_MS)])
      await Promise.race([closed, pause(CLOSE_MS)])
      await closeQueues()
      probes?.close()
      probes?.closeAllConnections()
    },
  }
}

async function whenOver(running: Set<Promise<unknown>>): Promise<void> {
  while (running.size > 0) await Promise.allSettled(running)
}

const pause = (ms: number) => sleep(ms, undefined, { ref: false })

async function writeSchedule(): Promise<void> {
  const queue = queueNamed(MAINTENANCE_QUEUE)
  for (const { name, everyMs } of schedule) {
    try {
      await queue.upsertJobScheduler(
        name,
        { every: everyMs },
        { name, opts: { removeOnComplete: true, removeOnFail: { count: 50 } } }
      )
    } catch (error) {
      logger.warn({ recurring: name, err: error }, 'the schedule could not be written')
    }
  }
}
