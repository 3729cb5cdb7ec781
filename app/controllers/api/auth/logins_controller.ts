import type { HttpContext } from '@adonisjs/core/http'
import { recordRefusal } from '#controllers/sessions/ceremony'
import { BadCredentials, SecondFactorNeeded } from '#exceptions/domain_error'
import ApiLogin from '#models/api_login'
import User from '#models/user'
import { guessAtPassword, guessAtSecondFactor } from '#start/limiter'
import { loginValidator } from '#validators/api_auth'

/** Signs a person in over the API. Where the portal asks for a second factor, so does this. */
export default class LoginsController {
  async store(ctx: HttpContext) {
    const { username, password, code } = await ctx.request.validateUsing(loginValidator)
    const guess = await guessAtPassword(ctx, username)
    const user = await User.withCredentials(username, password)
    if (!user || user.isDisabled || !user.isVerified) {
      await recordRefusal(user, 'user.sign_in_failed', username)
      throw new BadCredentials()
    }
    await guess.right()
    if (await user.hasSecondFactor()) await proveSecondFactor(user, code ?? null)
    return { access_token: await ApiLogin.open(user) }
  }
}

/** A passkey needs a browser; whoever has nothing else makes an API token there. */
async function proveSecondFactor(user: User, code: string | null): Promise<void> {
  if (code === null) throw new SecondFactorNeeded()
  const guess = await guessAtSecondFactor(user.id)
  if (!(await user.authenticator.accepts(code))) {
    await recordRefusal(user, 'user.second_factor_failed')
    throw new SecondFactorNeeded()
  }
  await guess.right()
}
