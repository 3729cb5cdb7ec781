import { Secret } from '@adonisjs/core/helpers'
import { apiLogin } from '#config/api'
import AuditEvent from '#models/audit_event'
import User from '#models/user'
import { readLogin, signLogin } from '#services/login_token'

/**
 * A person who signed in over the API with their password. What they are given is signed, and it stands for a
 * row: taking the row away ends it before its time.
 */
const ApiLogin = {
  /** @returns the token, this once */
  async open(user: User): Promise<string> {
    const login = await User.apiLogins.create(user, ['*'], { expiresIn: `${apiLogin.hours} hours` })
    await AuditEvent.record({
      action: 'user.api_signed_in',
      organizationId: null,
      subject: user.auditSubject,
      actor: user,
    })
    return signLogin(login.value!.release(), user.uid, login.expiresAt as Date)
  },

  /** Whose token this is, if it still stands for a row. */
  async userOf(token: string): Promise<User | null> {
    const id = await readLogin(token)
    const login = id && (await User.apiLogins.verify(new Secret(id)))
    return login ? User.find(login.tokenableId) : null
  },
}

export default ApiLogin
