import type { HttpContext } from '@adonisjs/core/http'
import { passwordAccepted } from '#controllers/sessions/ceremony'
import EmailChange from '#models/email_change'
import EmailVerification from '#models/email_verification'
import SignUp from '#models/sign_up'
import User from '#models/user'
import UserToken from '#models/user_token'
import { inEvenTime } from '#services/even_time'
import { allowMailTo } from '#start/limiter'

/** Kept in the session of whoever has just signed up here; `userId` null when the address had an account. */
export type SignedUp = { email: string; userId: number | null }
export const SIGNED_UP = 'signed_up'

/** The way from a mailbox to a proven address. */
export default class EmailVerificationsController {
  /** "Look into your mailbox", after sign-up, a change of address, or a sign-in too early. */
  async index({ auth, view, session, response }: HttpContext) {
    const user = auth.use('web').user
    const email = user ? (user.newEmail ?? user.email) : waiting(session)?.email
    if (!email || user?.isVerified) return response.redirect().toPath('/')
    return view.render('pages/email_verifications/index', {
      email,
      oldEmail: user?.newEmail ? user.email : null,
      isSignedIn: Boolean(user),
    })
  }

  /** Sends the mail once more, to the address this browser has named before. */
  async store({ auth, session, response, i18n }: HttpContext) {
    const user = auth.use('web').user
    const email = user ? (user.newEmail ?? user.email) : waiting(session)?.email
    if (!email || user?.isVerified) return response.redirect().toPath('/')
    await allowMailTo(email)
    await inEvenTime(() => (user ? sendTo(user) : sendToAddress(email)))
    session.flash('notice', { kind: 'success', message: i18n.t('verify_email.sent_again') })
    return response.redirect().toPath('/verify-email')
  }

  /** Programs follow links in mails; only a press of the button counts. */
  async show({ params, view }: HttpContext) {
    const token = await UserToken.findValid(params.token, 'verify_email')
    return view.render('pages/email_verifications/show', {
      email: token.user.email,
      action: `/verify-email/${params.token}`,
    })
  }

  async update(ctx: HttpContext) {
    const { auth, params, session, response, i18n } = ctx
    const user = await EmailVerification.confirm(params.token)
    session.flash('notice', { kind: 'success', message: i18n.t('verify_email.done') })
    if (auth.use('web').user?.id === user.id) return response.redirect().toPath('/')
    if (!auth.use('web').user && waiting(session)?.userId === user.id) {
      return passwordAccepted(ctx, user)
    }
    return response.redirect().toPath('/sign-in')
  }
}

function waiting(session: HttpContext['session']): SignedUp | undefined {
  return session.get(SIGNED_UP) as SignedUp | undefined
}

function sendTo(user: User): Promise<void> {
  return user.newEmail
    ? EmailChange.request(user, user.newEmail)
    : EmailVerification.sendAgain(user)
}

async function sendToAddress(email: string): Promise<void> {
  const user = await User.findByEmail(email)
  if (!user || user.isDisabled) return
  await (user.emailVerifiedAt ? SignUp.tellOwner(user) : EmailVerification.sendAgain(user))
}
