import type { HttpContext } from '@adonisjs/core/http'
import type { Infer } from '@vinejs/vine/types'
import { recordRefusal, signIn } from '#controllers/sessions/ceremony'
import { takeChallenge } from '#controllers/sessions/passkey_challenge'
import { fieldError } from '#exceptions/field_error'
import Passkey from '#models/passkey'
import SecondFactors from '#models/second_factors'
import type { SignInMethod } from '#models/types'
import { passkeysWork } from '#services/webauthn'
import { guessAtSecondFactor } from '#start/limiter'
import { secondFactorValidator } from '#validators/proof'

type Proof = Infer<typeof secondFactorValidator>

/** What comes after the password: a code, a passkey, or a recovery code. */
export default class SecondFactorsController {
  async create({ view, pendingUser }: HttpContext) {
    const passkey = passkeysWork && (await Passkey.findBy('userId', pendingUser.id))
    return view.render('pages/sessions/second_factor', {
      email: pendingUser.email,
      hasAuthenticator: pendingUser.authenticator.isOn,
      hasPasskey: Boolean(passkey),
    })
  }

  async store(ctx: HttpContext) {
    const { request, pendingUser, i18n } = ctx
    const proof = await request.validateUsing(secondFactorValidator)
    const guess = await guessAtSecondFactor(pendingUser.id)
    const method = await methodProven(ctx, proof)
    if (method) {
      await guess.right()
      return signIn(ctx, pendingUser, method)
    }
    await recordRefusal(pendingUser, 'user.second_factor_failed')
    const field = proof.recovery_code !== undefined ? 'recovery_code' : 'code'
    throw fieldError(field, i18n.t(`second_factor.wrong_${field}`))
  }
}

async function methodProven(ctx: HttpContext, proof: Proof): Promise<SignInMethod | null> {
  const { pendingUser: user } = ctx
  if (proof.code !== undefined) {
    return (await user.authenticator.accepts(proof.code)) ? 'password+totp' : null
  }
  if (proof.recovery_code !== undefined) {
    return (await SecondFactors.spendCode(user, proof.recovery_code))
      ? 'password+recovery_code'
      : null
  }
  if (!proof.credential) return null
  const challenge = takeChallenge(ctx)
  const passkey = await Passkey.proven({ response: proof.credential, challenge }, user)
  return passkey ? 'password+passkey' : null
}
