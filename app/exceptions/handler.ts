import app from '@adonisjs/core/services/app'
import { ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import type { HttpError, StatusPageRange, StatusPageRenderer } from '@adonisjs/core/types/http'
import { errors as limiterErrors } from '@adonisjs/limiter'
import { billingFailure, isBillingRoute, refusedBilling } from '#exceptions/billing_refusal'
import { classicFailure, classicRefusal, isClassicRoute } from '#exceptions/classic_refusal'
import { DomainError } from '#exceptions/domain_error'
import { isProblemRoute, problem, problemOf } from '#exceptions/problem'
import { isServerRoute, serverFailure, serverRefusal } from '#exceptions/server_refusal'
import { recordRefusal } from '#exceptions/refusal_log'
import { detectLocale } from '#middleware/detect_locale_middleware'
import { SECRET_FIELDS } from '#start/redaction'
import { ownPath } from '#transformers/own_path'

/** Refusals with a page of their own; the others return to where the person came from. */
const PAGES: Record<number, string> = {
  404: 'pages/errors/not_found',
  429: 'pages/errors/too_many_requests',
}

const NEVER_FLASHED = ['_csrf', '_method', ...SECRET_FIELDS]

/** The only place that knows what a refusal looks like, for a page and for JSON. */
export default class HttpExceptionHandler extends ExceptionHandler {
  protected override debug = app.inDev
  protected override renderStatusPages = !app.inDev
  protected override statusPages: Record<StatusPageRange, StatusPageRenderer> = {
    '500..599': (_, { request, view }) =>
      view.render('pages/errors/server_error', { requestId: request.id() }),
  }
  protected override ignoreCodes = ['E_VALIDATION_ERROR', 'E_NOT_FOUND', 'E_ROUTE_NOT_FOUND']

  override async handle(error: unknown, ctx: HttpContext) {
    // Without a route no middleware ran, and nobody has looked yet which language is spoken.
    if (!ctx.i18n) detectLocale(ctx)
    const refusal = asRefusal(error)
    if (!refusal && isBillingRoute(ctx)) return billingFailure(ctx, error)
    if (!refusal && isClassicRoute(ctx)) return classicFailure(ctx, error)
    if (!refusal && isServerRoute(ctx)) return serverFailure(ctx, error)
    if (!refusal && isProblemRoute(ctx)) return problemOf(ctx, error)
    if (!refusal) return super.handle(error, ctx)

    const message = ctx.i18n.t(`errors.${refusal.code}`, refusal.data, refusal.code)
    for (const [name, value] of Object.entries(refusal.headers ?? {}))
      ctx.response.header(name, value)
    if (isBillingRoute(ctx)) return refusedBilling(ctx, refusal, message)
    if (isClassicRoute(ctx)) return classicRefusal(ctx, refusal.status, message)
    if (isServerRoute(ctx)) return serverRefusal(ctx, refusal.status, message)
    if (isProblemRoute(ctx)) {
      const { status, code, field } = refusal
      return problem(ctx, { status, code, detail: message, field }, refusal.data)
    }
    if (wantsJson(ctx)) {
      return ctx.response
        .status(refusal.status)
        .send({ error: { code: refusal.code, message, field: refusal.field, ...refusal.data } })
    }
    const page = pageOf(refusal, ctx)
    if (page || ctx.request.method() === 'GET' || !ctx.session) {
      const html = await ctx.view.render(page ?? 'pages/errors/refused', {
        message,
        code: refusal.code,
        back: ownPath(ctx.request.header('referer')),
      })
      return ctx.response.status(refusal.status).send(html)
    }
    ctx.session.flashExcept(NEVER_FLASHED)
    if (refusal.field) ctx.session.flash('inputErrorsBag', { [refusal.field]: [message] })
    else ctx.session.flash('notice', { kind: 'error', message, ...linkTo(refusal, ctx) })
    return ctx.response.redirect().back()
  }

  /** What was typed goes back into the form, by way of the session: secrets do not. */
  override async renderValidationErrorAsHTML(error: HttpError, ctx: HttpContext) {
    ctx.session.flashValidationErrors(error, false)
    ctx.session.flashExcept(NEVER_FLASHED)
    ctx.response.redirect('back', true)
  }

  override async report(error: unknown, ctx: HttpContext) {
    const refusal = asRefusal(error)
    if (!refusal) return super.report(error, ctx)
    if (!refusal.isAudited) return
    try {
      await recordRefusal(refusal.code, ctx)
    } catch (failure) {
      // The refusal stands, whether it can be written down or not.
      ctx.logger.error({ err: failure }, 'a refusal was not recorded')
    }
  }
}

type Refusal = {
  status: number
  code: string
  field?: string | null
  data: Record<string, string | number>
  isAudited: boolean
  headers?: Record<string, string | number>
}

function pageOf({ status, code }: Refusal, ctx: HttpContext): string | undefined {
  // With a page to go back to, the person gets the form again, filled in and with a fresh token.
  if (code === 'E_PAGE_EXPIRED') {
    return ctx.request.header('referer') ? undefined : 'pages/errors/page_expired'
  }
  // A member learns that it takes another role; to a stranger it looks like what does not exist.
  if (code.startsWith('E_VISIT_')) return 'pages/visits/refused'
  if (status === 403) return ctx.membership ? 'pages/errors/forbidden' : 'pages/errors/not_found'
  return PAGES[status]
}

/** What stands in the way is one click away. */
function linkTo({ data }: Refusal, { home, i18n }: HttpContext) {
  if (!home || !data.operation) return {}
  return {
    href: `${home}/operations/${data.operation}`,
    action: i18n.t('errors.show_operation'),
  }
}

function asRefusal(error: unknown): Refusal | null {
  if (error instanceof DomainError) return error
  const { code, status } = error as Partial<HttpError>
  if (code === 'E_ROUTE_NOT_FOUND' || code === 'E_ROW_NOT_FOUND') {
    return { status: 404, code: 'E_NOT_FOUND', data: {}, isAudited: false }
  }
  if (code === 'E_AUTHORIZATION_FAILURE') {
    return { status: status ?? 403, code: 'E_FORBIDDEN', data: {}, isAudited: true }
  }
  if (error instanceof limiterErrors.E_TOO_MANY_REQUESTS) {
    return {
      status: 429,
      code: 'E_TOO_MANY_REQUESTS',
      data: { minutes: Math.max(1, Math.ceil(error.response.availableIn / 60)) },
      isAudited: true,
      headers: error.headers ?? error.getDefaultHeaders(),
    }
  }
  if (code === 'E_REQUEST_ENTITY_TOO_LARGE') {
    return { status: 413, code, data: {}, isAudited: false }
  }
  if (code === 'E_BAD_CSRF_TOKEN') {
    return { status: 403, code: 'E_PAGE_EXPIRED', data: {}, isAudited: true }
  }
  return null
}

export function wantsJson({ request }: HttpContext): boolean {
  return request.url().startsWith('/api/') || request.accepts(['html', 'json']) === 'json'
}
