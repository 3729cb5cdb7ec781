import { QUEUE_NAMES, type QueueName } from '#services/queue'
import { JOB_STATES, type JobState } from '#services/queue_overview'
import { NotFound } from '#exceptions/domain_error'

/** Which jobs a page shows: the failed ones first, since they are why one comes. */
export function jobListRequest(query: Record<string, unknown>): {
  queue: QueueName
  state: JobState
} {
  return {
    queue: QUEUE_NAMES.find((name) => name === query.queue) ?? QUEUE_NAMES[0],
    state: JOB_STATES.find((state) => state === query.state) ?? 'failed',
  }
}

/** @throws NotFound */
export function queueOf(name: unknown): QueueName {
  const queue = QUEUE_NAMES.find((known) => known === name)
  if (!queue) throw new NotFound()
  return queue
}
