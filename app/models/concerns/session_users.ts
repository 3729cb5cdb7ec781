import type { symbols } from '@adonisjs/auth'
import { HttpContext } from '@adonisjs/core/http'
import type { SessionGuardUser, SessionUserProviderContract } from '@adonisjs/auth/types/session'
import type User from '#models/user'
import UserSession from '#models/user_session'

/**
 * What the session guard keeps in a session is the id of a user_sessions row, not of the user. Signing in
 * makes that row, and every later request is refused when it has ended.
 */
export default class SessionUsers implements SessionUserProviderContract<User> {
  declare [symbols.PROVIDER_REAL_USER]: User

  async createUserForGuard(user: User): Promise<SessionGuardUser<User>> {
    const session = user.currentSession ?? (await UserSession.open(user, { method: 'link' }))
    return guardUser(user, session)
  }

  async findById(id: number): Promise<SessionGuardUser<User> | null> {
    const alreadyRead = HttpContext.get()?.resumedUser
    const user = alreadyRead?.currentSession?.id === id ? alreadyRead : await UserSession.resume(id)
    return user?.currentSession?.isOpen && !user.isDisabled
      ? guardUser(user, user.currentSession)
      : null
  }
}

function guardUser(user: User, session: UserSession): SessionGuardUser<User> {
  return { getId: () => session.id, getOriginal: () => user }
}
