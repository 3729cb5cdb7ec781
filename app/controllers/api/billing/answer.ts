import type { HttpContext } from '@adonisjs/core/http'
import { billing } from '#config/billing'
import type Operation from '#models/operation'
import { operationEnd } from '#services/operation_end'
import { operationEnvelope } from '#transformers/api/billing/envelope'

/** Answers when the operation has ended, or that it still runs. `data` is read after it succeeded. */
export async function answerAtEnd(
  ctx: HttpContext,
  operation: Operation,
  succeeded: string,
  data?: () => Promise<unknown>
) {
  const look = async () => {
    await operation.refresh()
    return operation.state
  }
  await operationEnd(operation.id, look, billing.waitMs)
  const told = operation.state === 'succeeded' && data ? await data() : null
  return operationEnvelope(ctx, operation, succeeded, told)
}
