import type { HttpContext } from '@adonisjs/core/http'
import { showOnce, shownOnce } from '#controllers/account/show_once'
import SecondFactors from '#models/second_factors'

export default class RecoveryCodesController {
  async show(ctx: HttpContext) {
    const codes = shownOnce<string[]>(ctx, 'recovery_codes')
    if (!codes) return ctx.response.redirect().toPath('/account/security')
    return ctx.view.render('pages/account/recovery_codes/show', { codes })
  }

  async store(ctx: HttpContext) {
    const user = ctx.auth.use('web').getUserOrFail()
    if (await user.hasSecondFactor()) {
      showOnce(ctx, 'recovery_codes', await SecondFactors.renewCodes(user))
    }
    return ctx.response.redirect().toPath('/account/recovery-codes')
  }
}
