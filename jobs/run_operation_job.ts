import type { OperationJob } from '#services/queue'
import { runOperation, type RunResult } from '#operations/run_operation'

export default class RunOperationJob {
  static queue = 'operations'

  handle({ operationId }: OperationJob, shutdown: AbortSignal): Promise<RunResult> {
    return runOperation(operationId, shutdown)
  }
}
