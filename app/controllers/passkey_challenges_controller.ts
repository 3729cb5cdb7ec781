import type { HttpContext } from '@adonisjs/core/http'
import { keepChallenge } from '#controllers/sessions/passkey_challenge'
import { pendingUser } from '#middleware/pending_sign_in_middleware'
import Passkey from '#models/passkey'
import { passkeyChallengeValidator } from '#validators/proof'

/** What the browser is asked to sign: to make a passkey, or to prove one. For pages' scripts. */
export default class PasskeyChallengesController {
  async store(ctx: HttpContext) {
    const { purpose } = await ctx.request.validateUsing(passkeyChallengeValidator)
    const user = ctx.auth.use('web').user
    const options =
      purpose === 'create'
        ? await Passkey.creationOptions(ctx.auth.use('web').getUserOrFail())
        : await Passkey.requestOptions(user ?? (await pendingUser(ctx)))
    keepChallenge(ctx, options.challenge)
    return options
  }
}
