import type { HttpContext } from '@adonisjs/core/http'
import { recordRefusal, signIn } from '#controllers/sessions/ceremony'
import { takeChallenge } from '#controllers/sessions/passkey_challenge'
import Passkey from '#models/passkey'
import { passkeySignInValidator } from '#validators/proof'

/** Signing in by a passkey alone: it is both something one has and, verified by the device, something one is. */
export default class PasskeysController {
  async store(ctx: HttpContext) {
    const { request, response, session, i18n } = ctx
    const { credential } = await request.validateUsing(passkeySignInValidator)
    const challenge = takeChallenge(ctx)
    const passkey = credential && (await Passkey.proven({ response: credential, challenge }, null))
    if (passkey) return signIn(ctx, passkey.user, 'passkey')

    await recordRefusal(null, 'user.passkey_refused')
    session.flash('notice', { kind: 'error', message: i18n.t('sign_in.passkey_refused') })
    return response.redirect().toPath('/sign-in')
  }
}
