import type { HttpContext } from '@adonisjs/core/http'
import { errors as vineErrors } from '@vinejs/vine'
import type { DomainError } from '#exceptions/domain_error'

/** Codes that the existing plugins know beside HTTP's own; everything else is told by its status. */
const TRANSPORT = [400, 401, 429, 500]

/** Where the contract has another code for it than HTTP would have. */
const CONTRACT: Record<string, number> = {
  E_TOO_MANY_FORWARDS: 403,
  E_PORT_TAKEN: 409,
}

export function isBillingRoute({ route }: HttpContext): boolean {
  return route?.name?.startsWith('billing.') ?? false
}

/** One of our refusals, under the contract's code and in its words where it has some. */
export function refusedBilling(
  ctx: HttpContext,
  { code, status, data }: Pick<DomainError, 'code' | 'status' | 'data'>,
  message: string
) {
  const told = ctx.i18n.t(`billing.${code}`, data, message)
  return billingRefusal(ctx, CONTRACT[code] ?? status, told)
}

/** A form that does not hold, by the first field that is wrong; else a fault of ours, which is logged. */
export function billingFailure(ctx: HttpContext, error: unknown) {
  if (error instanceof vineErrors.E_VALIDATION_ERROR) {
    const [first] = error.messages as { message: string }[]
    return billingRefusal(ctx, 400, first?.message ?? ctx.i18n.t('billing.invalid'))
  }
  return billingRefusal(ctx, 500, ctx.i18n.t('billing.fault', { id: ctx.request.id() ?? '' }))
}

/** A refusal in the envelope of the billing API. Refused deeds are answered with 200, as its contract has it. */
function billingRefusal(ctx: HttpContext, code: number, message: string) {
  return ctx.response
    .status(TRANSPORT.includes(code) ? code : 200)
    .send({ code, msg: message, data: null })
}
