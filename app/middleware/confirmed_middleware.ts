import { Exception } from '@adonisjs/core/exceptions'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import type { SessionData } from '@adonisjs/session/types'
import { isClassicRoute } from '#exceptions/classic_refusal'
import { ConfirmationNeeded, VisitTooOld } from '#exceptions/domain_error'
import { wantsJson } from '#exceptions/handler'
import { SECRET_FIELDS } from '#start/redaction'

/** What waits until identity is proven: the page to go on with, and what was typed there. */
export type Awaiting = { path: string; input: SessionData | null }

export const AWAITING = 'awaiting_confirmation'

/**
 * Before credentials, members, keys and deletions: identity proven within the last minutes, or proven again.
 * Nothing that was sent is carried out afterwards by itself; its form comes back with what was typed, but
 * without secrets.
 */
export default class ConfirmedMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { auth, visit, request, response, session, i18n } = ctx
    // The billing system proves who its customers are: they come anew by a link from there.
    if (visit) {
      if (!visit.isConfirmed) throw new VisitTooOld()
      return next()
    }
    // A program has nothing more to prove than its token.
    if (auth.authenticatedViaGuard === 'api') return next()
    const current = auth.use('web').getUserOrFail().currentSession
    if (!current) throw new Exception('a guard without sessions cannot ask for identity')
    if (current.isConfirmed) return next()

    if (isClassicRoute(ctx)) throw new ConfirmationNeeded()
    if (wantsJson(ctx)) {
      const code = 'E_CONFIRMATION_NEEDED'
      return response.status(403).send({ error: { code, message: i18n.t(`errors.${code}`) } })
    }
    const isPage = request.method() === 'GET'
    const awaiting: Awaiting = {
      path: isPage ? request.url(true) : formPath(ctx),
      input: isPage ? null : request.except(['_csrf', '_method', ...SECRET_FIELDS]),
    }
    session.put(AWAITING, awaiting)
    return response.redirect().toPath('/account/confirm')
  }
}

/** The page that holds the form; a foreign or missing one is not followed. */
function formPath({ request }: HttpContext): string {
  const page = URL.parse(request.header('referer') ?? '')
  return page && page.host === request.host() ? page.pathname + page.search : '/'
}
