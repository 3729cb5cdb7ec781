import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { sessionLimits } from '#config/session'
import User from '#models/user'

export const PENDING = 'pending_sign_in'

/** The password was right, the second factor is awaited. */
export type Pending = { userId: number; at: number }

/** Finds who is on the way in; without anybody, or too late, back to the beginning. */
export default class PendingSignInMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { session, response, i18n } = ctx
    const user = await pendingUser(ctx)
    if (user) {
      ctx.pendingUser = user
      return next()
    }
    session.forget(PENDING)
    session.flash('notice', { kind: 'info', message: i18n.t('sign_in.start_again') })
    return response.redirect().toPath('/sign-in')
  }
}

export async function pendingUser({ session }: HttpContext): Promise<User | null> {
  const pending = session.get(PENDING) as Pending | undefined
  if (!pending || pending.at + sessionLimits.secondFactorMs < Date.now()) return null
  const user = await User.find(pending.userId)
  return user?.isDisabled ? null : user
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    pendingUser: User
  }
}
