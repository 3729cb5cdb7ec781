import type { HttpContext } from '@adonisjs/core/http'
import { errors as vineErrors } from '@vinejs/vine'

/*
| What the addresses of the old licence manager answer: `{status, data}`, where status is `success`, `fail` or the
| old word of what was wrong. Their programs look at these, not at HTTP.
*/

export const CLASSIC_PREFIX = '/license'

/** Told by HTTP as well: who asks, how often, and what cannot be read at all. */
const TRANSPORT = [401, 403, 404, 429, 500]

export function isClassicRoute({ request, route }: HttpContext): boolean {
  return route !== undefined && request.url().startsWith(`${CLASSIC_PREFIX}/`)
}

export function classicRefusal(ctx: HttpContext, code: number, message: string) {
  if (code === 413) return ctx.response.send({ status: 'too_large' })
  // Who fetches a file must not take the answer for it.
  const isFetch = ctx.request.method() === 'GET'
  return ctx.response
    .status(isFetch || TRANSPORT.includes(code) ? code : 200)
    .send({ status: 'fail', data: message })
}

/** A form that does not hold, by the first field that is wrong; else a fault of ours, which is logged. */
export function classicFailure(ctx: HttpContext, error: unknown) {
  if (error instanceof vineErrors.E_VALIDATION_ERROR) {
    const [first] = error.messages as { message: string }[]
    return classicRefusal(ctx, 422, first?.message ?? ctx.i18n.t('errors.E_VALIDATION'))
  }
  return classicRefusal(ctx, 500, ctx.i18n.t('errors.E_INTERNAL'))
}
