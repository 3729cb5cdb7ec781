import type { HttpContext } from '@adonisjs/core/http'
import { showOnce } from '#controllers/account/show_once'
import { takeChallenge } from '#controllers/sessions/passkey_challenge'
import SecondFactors from '#models/second_factors'
import { passkeyValidator } from '#validators/proof'

export default class PasskeysController {
  async create({ view }: HttpContext) {
    return view.render('pages/account/passkeys/create')
  }

  async store(ctx: HttpContext) {
    const { auth, request, response, session, i18n } = ctx
    const { name, credential } = await request.validateUsing(passkeyValidator)
    const challenge = takeChallenge(ctx)
    const codes =
      credential &&
      (await SecondFactors.addPasskey(auth.use('web').getUserOrFail(), name, {
        response: credential,
        challenge,
      }))
    if (credential === null || codes === undefined) {
      const message = i18n.t('account.passkey_not_added')
      session.flash('notice', { kind: 'error', message })
      return response.redirect().toPath('/account/passkeys/create')
    }
    session.flash('notice', { kind: 'success', message: i18n.t('account.passkey_added', { name }) })
    if (!codes) return response.redirect().toPath('/account/security')
    showOnce(ctx, 'recovery_codes', codes)
    return response.redirect().toPath('/account/recovery-codes')
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const passkey = await user.related('passkeys').query().where('uid', params.id).firstOrFail()
    await SecondFactors.removePasskey(user, passkey)
    const message = i18n.t('account.passkey_removed', { name: passkey.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/account/security')
  }
}
