import type { HttpContext } from '@adonisjs/core/http'
import { toString as qrCode } from 'qrcode'
import { showOnce } from '#controllers/account/show_once'
import { fieldError } from '#exceptions/field_error'
import SecondFactors from '#models/second_factors'
import { guessAtSecondFactor } from '#start/limiter'
import { codeValidator } from '#validators/proof'

export default class AuthenticatorsController {
  async create({ auth, response, view }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    if (user.authenticator.isOn) return response.redirect().toPath('/account/security')
    const { secret, uri } = await user.authenticator.begin()
    const svg = await qrCode(uri, { type: 'svg', margin: 2 })
    return view.render('pages/account/authenticators/create', {
      secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
      qrImage: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    })
  }

  async store(ctx: HttpContext) {
    const { auth, request, response, session, i18n } = ctx
    const user = auth.use('web').getUserOrFail()
    const { code } = await request.validateUsing(codeValidator)
    const guess = await guessAtSecondFactor(user.id)
    const codes = await SecondFactors.turnOnAuthenticator(user, code)
    if (codes === undefined) throw fieldError('code', i18n.t('second_factor.wrong_code'))
    await guess.right()
    session.flash('notice', { kind: 'success', message: i18n.t('account.totp_enabled') })
    if (!codes) return response.redirect().toPath('/account/security')
    showOnce(ctx, 'recovery_codes', codes)
    return response.redirect().toPath('/account/recovery-codes')
  }

  async destroy({ auth, response, session, i18n }: HttpContext) {
    await SecondFactors.turnOffAuthenticator(auth.use('web').getUserOrFail())
    session.flash('notice', { kind: 'success', message: i18n.t('account.totp_disabled') })
    return response.redirect().toPath('/account/security')
  }
}
