import { DateTime } from 'luxon'
import type { HttpContext } from '@adonisjs/core/http'
import { PENDING, type Pending } from '#middleware/pending_sign_in_middleware'
import AuditEvent from '#models/audit_event'
import type User from '#models/user'
import UserSession from '#models/user_session'
import type { AuditAction, SignInMethod } from '#models/types'

/*
| The steps of signing in, whichever door is taken. At each step up the session gets a new id, and what a
| visitor had in it is dropped, so that nobody can prepare it for somebody else.
*/
const RETURN_TO = 'return_to'

/** The password was right: in, or on to the second factor. */
export async function passwordAccepted(ctx: HttpContext, user: User) {
  if (!(await user.hasSecondFactor())) return signIn(ctx, user, 'password')
  const { session, response } = ctx
  const returnTo = session.get(RETURN_TO)
  const pending: Pending = { userId: user.id, at: Date.now() }
  session.clear()
  session.regenerate()
  session.put(PENDING, pending)
  if (returnTo) session.put(RETURN_TO, returnTo)
  return response.redirect().toPath('/sign-in/second-factor')
}

export async function signIn(ctx: HttpContext, user: User, method: SignInMethod) {
  const { auth, session, response, i18n } = ctx
  if (user.isDisabled) {
    await recordRefusal(user, 'user.sign_in_refused')
    session.forget(PENDING)
    session.flash('notice', { kind: 'error', message: i18n.t('sign_in.disabled') })
    return response.redirect().toPath('/sign-in')
  }
  const returnTo = session.get(RETURN_TO, '/')
  session.clear()
  await UserSession.open(user, { method })
  await auth.use('web').login(user)
  user.lastSignInAt = DateTime.utc()
  await user.save()
  await AuditEvent.record({
    action: 'user.signed_in',
    organizationId: null,
    subject: user.auditSubject,
    after: { method },
    actor: user,
  })
  return response.redirect().toPath(returnTo)
}

/** A wrong password, code or passkey; `user` null when nobody has that address. */
export function recordRefusal(user: User | null, action: AuditAction, typed = user?.email ?? '') {
  return AuditEvent.record({
    action,
    organizationId: null,
    subject: user?.auditSubject ?? null,
    actor: { anonymous: typed },
    outcome: 'refused',
  })
}
