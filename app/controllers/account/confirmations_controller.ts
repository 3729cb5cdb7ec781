import type { HttpContext } from '@adonisjs/core/http'
import type { Infer } from '@vinejs/vine/types'
import { takeChallenge } from '#controllers/sessions/passkey_challenge'
import { fieldError } from '#exceptions/field_error'
import { AWAITING, type Awaiting } from '#middleware/confirmed_middleware'
import AuditEvent from '#models/audit_event'
import Passkey from '#models/passkey'
import type User from '#models/user'
import { passkeysWork } from '#services/webauthn'
import { guessAtConfirmation } from '#start/limiter'
import { confirmationValidator } from '#validators/proof'

type Proof = Infer<typeof confirmationValidator>

/** "Is it still you?", before something that could not be taken back. */
export default class ConfirmationsController {
  async create({ auth, view }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const passkey = passkeysWork && (await Passkey.findBy('userId', user.id))
    return view.render('pages/account/confirmations/create', {
      email: user.email,
      hasAuthenticator: user.authenticator.isOn,
      hasPasskey: Boolean(passkey),
    })
  }

  async store(ctx: HttpContext) {
    const { auth, request, response, session, i18n } = ctx
    const user = auth.use('web').getUserOrFail()
    const proof = await request.validateUsing(confirmationValidator)
    const guess = await guessAtConfirmation(user.id)
    if (!(await isProven(ctx, user, proof))) {
      await record(user, 'refused')
      const field = proof.code === undefined ? 'password' : 'code'
      throw fieldError(field, i18n.t(`confirmation.wrong_${field}`))
    }
    await guess.right()
    await user.currentSession!.confirm()
    session.regenerate()
    await record(user, 'succeeded')

    const awaiting = session.pull(AWAITING) as Awaiting | undefined
    if (awaiting?.input) {
      session.flash(awaiting.input)
      session.flash('notice', { kind: 'info', message: i18n.t('confirmation.send_again') })
    }
    return response.redirect().toPath(awaiting?.path ?? '/account/security')
  }
}

async function isProven(ctx: HttpContext, user: User, proof: Proof): Promise<boolean> {
  if (proof.password !== undefined) return user.verifyPassword(proof.password)
  if (proof.code !== undefined) return user.authenticator.accepts(proof.code)
  if (!proof.credential) return false
  const challenge = takeChallenge(ctx)
  return (await Passkey.proven({ response: proof.credential, challenge }, user)) !== null
}

function record(user: User, outcome: 'succeeded' | 'refused'): Promise<void> {
  return AuditEvent.record({
    action: 'user.identity_confirmed',
    organizationId: null,
    subject: user.auditSubject,
    outcome,
  })
}
