import { errors, symbols } from '@adonisjs/auth'
import type { GuardContract } from '@adonisjs/auth/types'
import type { HttpContext } from '@adonisjs/core/http'
import ApiLogin from '#models/api_login'
import type User from '#models/user'

/** Whoever signed in over the API, by the signed token in the header `Authorization`. */
export default class LoginGuard implements GuardContract<User> {
  declare [symbols.GUARD_KNOWN_EVENTS]: unknown
  readonly driverName = 'login'
  user?: User
  authenticationAttempted = false

  constructor(private readonly ctx: HttpContext) {}

  get isAuthenticated(): boolean {
    return this.user !== undefined
  }

  async check(): Promise<boolean> {
    if (this.authenticationAttempted) return this.isAuthenticated
    this.authenticationAttempted = true
    const [, token] =
      /^Bearer ([\w.-]+)$/i.exec(this.ctx.request.header('authorization') ?? '') ?? []
    // Three parts, or it is another kind of token.
    if (token?.split('.').length === 3) this.user = (await ApiLogin.userOf(token)) ?? undefined
    return this.isAuthenticated
  }

  async authenticate(): Promise<User> {
    if (await this.check()) return this.user!
    throw new errors.E_UNAUTHORIZED_ACCESS('not signed in', { guardDriverName: this.driverName })
  }

  getUserOrFail(): User {
    if (this.user) return this.user
    throw new errors.E_UNAUTHORIZED_ACCESS('not signed in', { guardDriverName: this.driverName })
  }

  async authenticateAsClient(user: User) {
    return { headers: { authorization: `Bearer ${await ApiLogin.open(user)}` } }
  }
}
