import type { HttpContext } from '@adonisjs/core/http'
import { errors as vineErrors } from '@vinejs/vine'

/*
| What /api/v1 answers when it cannot do what was asked: application/problem+json (RFC 9457) with a code that
| does not change and a sentence in the caller's language.
*/

type Problem = {
  status: number
  code: string
  detail: string
  field?: string | null
  errors?: { field: string; code: string; detail: string }[]
}

export function isProblemRoute({ request }: HttpContext): boolean {
  return request.url().startsWith('/api/v1/')
}

export function problem(
  ctx: HttpContext,
  { status, ...told }: Problem,
  more: Record<string, unknown> = {}
) {
  return ctx.response
    .status(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', status, ...told, ...more, request_id: ctx.request.id() })
}

/** A form that does not hold, field by field; else a fault of ours, which is logged under the request's id. */
export function problemOf(ctx: HttpContext, error: unknown) {
  const { i18n } = ctx
  if (error instanceof vineErrors.E_VALIDATION_ERROR) {
    const messages = error.messages as { field: string; rule: string; message: string }[]
    return problem(ctx, {
      status: 422,
      code: 'E_VALIDATION',
      detail: i18n.t('errors.E_VALIDATION'),
      errors: messages.map(({ field, rule, message }) => ({ field, code: rule, detail: message })),
    })
  }
  // What the body parser could not read.
  const { status } = error as { status?: unknown }
  if (status === 400 || status === 413) {
    const code = status === 400 ? 'E_INVALID_JSON' : 'E_REQUEST_ENTITY_TOO_LARGE'
    return problem(ctx, { status, code, detail: i18n.t(`errors.${code}`) })
  }
  return problem(ctx, { status: 500, code: 'E_INTERNAL', detail: i18n.t('errors.E_INTERNAL') })
}
