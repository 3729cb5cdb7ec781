import { JOB_STATES, type JobState, type JobView, type QueueView } from '#services/queue_overview'
import type { QueueName } from '#services/queue'

export function jobsPage(
  queues: QueueView[],
  jobs: JobView[],
  { queue, state }: { queue: QueueName; state: JobState }
) {
  const path = (name: string, of: string) => `/admin/jobs?queue=${name}&state=${of}`
  return {
    queue,
    state,
    queues: queues.map((entry) => ({
      ...entry,
      isChosen: entry.name === queue,
      path: path(entry.name, state),
      counts: JOB_STATES.map((of) => ({
        state: of,
        count: entry.counts[of],
        path: path(entry.name, of),
      })),
    })),
    states: JOB_STATES.map((of) => ({
      state: of,
      isActive: of === state,
      count: queues.find(({ name }) => name === queue)!.counts[of],
      href: path(queue, of),
    })),
    jobs: jobs.map((job) => ({
      ...job,
      path: `/admin/jobs/${job.queue}/${encodeURIComponent(job.id)}`,
      operationPath: job.operation && `/admin/operations/${job.operation}`,
      canRetry: state === 'failed',
      canRemove: state !== 'active',
    })),
    hasMore: jobs.length === 50,
  }
}
