import type { HttpContext } from '@adonisjs/core/http'
import { errors as vineErrors } from '@vinejs/vine'

/** /api/auth and /api/os answer with a sentence under `msg`, as the page they were made for reads it. */
export function isServerRoute({ request }: HttpContext): boolean {
  return /^\/api\/(auth|os)\//.test(request.url())
}

export function serverRefusal({ response }: HttpContext, status: number, msg: string) {
  return response.status(status).send({ msg })
}

/** A form that does not hold, by the first field that is wrong; else a fault of ours, which is logged. */
export function serverFailure(ctx: HttpContext, error: unknown) {
  if (error instanceof vineErrors.E_VALIDATION_ERROR) {
    const [first] = error.messages as { message: string }[]
    return serverRefusal(ctx, 400, first?.message ?? ctx.i18n.t('errors.E_VALIDATION'))
  }
  return serverRefusal(ctx, 500, ctx.i18n.t('errors.E_INTERNAL'))
}
