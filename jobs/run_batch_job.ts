import { runBatch } from '#models/batch_run'
import type { BatchJob } from '#services/queue'

export default class RunBatchJob {
  static queue = 'operations'

  handle({ batchId }: BatchJob, shutdown: AbortSignal) {
    return runBatch(batchId, shutdown)
  }
}
