import type { HttpContext } from '@adonisjs/core/http'
import type { OperationState } from '#models/types'

export type Envelope = { code: number; msg: string; data: unknown }

/** What the billing API answers: plugins look at `code` alone, which is 200 or the reason why not. */
export function envelope(msg: string, data: unknown = null, code = 200): Envelope {
  return { code, msg, data }
}

/**
 * How an operation stands when the wait for it is over. Only what is done is a success: whoever is told 202 asks
 * again, and a repetition finds the same operation.
 */
export function operationEnvelope(
  { i18n }: Pick<HttpContext, 'i18n'>,
  operation: { uid: string; state: OperationState; errorKind: string | null },
  succeeded: string,
  data: unknown = null
): Envelope {
  switch (operation.state) {
    case 'succeeded':
      return envelope(succeeded, data)
    case 'failed':
    case 'cancelled':
    case 'needs_attention': {
      const reason = i18n.t(`operations.error.${operation.errorKind ?? 'unexpected'}`)
      return envelope(i18n.t(`billing.${operation.state}`, { reason }), null, 500)
    }
    default:
      return envelope(i18n.t('billing.still_running'), { task_id: operation.uid }, 202)
  }
}
