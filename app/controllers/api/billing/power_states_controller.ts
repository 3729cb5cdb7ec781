import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledInstance } from '#models/billed_instance'
import { billedReference } from '#validators/api_billing'

/** By GET, as the existing plugins call it: it takes a key, never a cookie, and may be repeated. */
export default class PowerStatesController {
  start(ctx: HttpContext) {
    return change(ctx, 'start')
  }

  stop(ctx: HttpContext) {
    return change(ctx, 'stop')
  }

  restart(ctx: HttpContext) {
    return change(ctx, 'restart')
  }

  /** Pulls the plug. */
  forceStop(ctx: HttpContext) {
    return change(ctx, 'force_stop')
  }
}

async function change(ctx: HttpContext, action: 'start' | 'stop' | 'restart' | 'force_stop') {
  const instance = await BilledInstance.of(ctx.billingKey!, await billedReference(ctx.request))
  const operation = await BilledInstance.ensure(
    instance,
    'instance.power',
    () => instance.power(action, null),
    { action }
  )
  return answerAtEnd(ctx, operation, ctx.i18n.t(`billing.done_${action}`))
}
