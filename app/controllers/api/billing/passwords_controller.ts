import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledInstance } from '#models/billed_instance'
import { billedPassword } from '#validators/api_billing'

/** A new root password, which the billing system shows its customer itself. */
export default class PasswordsController {
  async store(ctx: HttpContext) {
    const { reference, password } = await billedPassword(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const operation = await instance.resetPassword({ password, by: null })
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.password_changed'))
  }
}
