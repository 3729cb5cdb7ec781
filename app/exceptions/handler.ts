import app from '@adonisjs/core/services/app'
import { ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import type { HttpError } from '@adonisjs/core/types/http'
import { DomainError } from '#exceptions/domain_error'

const PAGES: Record<number, string> = {
  403: 'pages/errors/not_found',
  404: 'pages/errors/not_found',
  429: 'pages/errors/too_many_requests',
}

/** The only place that knows what a refusal looks like, for a page and for JSON. */
export default class HttpExceptionHandler extends ExceptionHandler {
  protected override debug = app.inDev
  protected override renderStatusPages = !app.inDev
  protected override ignoreCodes = ['E_VALIDATION_ERROR', 'E_NOT_FOUND', 'E_ROUTE_NOT_FOUND']

  override async handle(error: unknown, ctx: HttpContext) {
    const refusal = asRefusal(error)
    if (!refusal) return super.handle(error, ctx)

    const message = ctx.i18n
      ? ctx.i18n.t(`errors.${refusal.code}`, refusal.data, refusal.code)
      : refusal.code
    if (wantsJson(ctx)) {
      return ctx.response
        .status(refusal.status)
        .send({ error: { code: refusal.code, message, ...refusal.data } })
    }
    const page = PAGES[refusal.status]
    if (page || ctx.request.method() === 'GET') {
      ctx.response.status(refusal.status)
      return ctx.view.render(page ?? 'pages/errors/refused', { message, code: refusal.code })
    }
    ctx.session.flashExcept(['_csrf', '_method', 'password', 'root_password'])
    ctx.session.flash('notice', { kind: 'error', message })
    return ctx.response.redirect().back()
  }

  override async report(error: unknown, ctx: HttpContext) {
    if (error instanceof DomainError) return
    return super.report(error, ctx)
  }
}

type Refusal = { status: number; code: string; data: Record<string, string | number> }

function asRefusal(error: unknown): Refusal | null {
  if (error instanceof DomainError) return error
  const { code, status } = error as Partial<HttpError>
  if (code === 'E_ROUTE_NOT_FOUND' || code === 'E_ROW_NOT_FOUND') {
    return { status: 404, code: 'E_NOT_FOUND', data: {} }
  }
  if (code === 'E_AUTHORIZATION_FAILURE') {
    return { status: status ?? 403, code: 'E_FORBIDDEN', data: {} }
  }
  if (code === 'E_BAD_CSRF_TOKEN') return { status: 403, code: 'E_PAGE_EXPIRED', data: {} }
  return null
}

export function wantsJson({ request }: HttpContext): boolean {
  return request.accepts(['html', 'json']) === 'json'
}
