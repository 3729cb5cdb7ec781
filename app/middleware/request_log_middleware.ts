import logger from '@adonisjs/core/services/logger'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { countRequest } from '#services/metrics'
import { LogContext } from '#start/log_context'

/** What a caller may choose as its request's id; anything else is replaced by one of ours. */
const REQUEST_ID = /^[\w-]{8,64}$/

/**
 * The first middleware: one line for each request when its last byte is sent, and the request's id on every
 * line in between. The line names the route, not the address: addresses carry tokens.
 */
export default class RequestLogMiddleware {
  handle(ctx: HttpContext, next: NextFn) {
    const { request, response } = ctx
    const given = request.request.headers['x-request-id']
    if (typeof given !== 'string' || !REQUEST_ID.test(given)) {
      delete request.request.headers['x-request-id']
    }
    const requestId = request.id()!
    const startedAt = performance.now()
    // The context's own logger would write the id a second time.
    ctx.logger = logger
    response.header('x-request-id', requestId)
    response.response.once('close', () => this.ended(ctx, requestId, startedAt))
    return LogContext.run({ requestId }, () => next())
  }

  private ended(ctx: HttpContext, requestId: string, startedAt: number): void {
    const { route, request, response } = ctx
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    const status = response.response.statusCode
    const line = {
      requestId,
      method: request.request.method ?? '',
      route: route?.pattern ?? null,
      status,
      ms,
      // Both are set by later middleware, when there is somebody and somewhere.
      user: ctx.auth?.user?.uid ?? null,
      organization: ctx.organization?.uid ?? null,
      ...(response.response.writableFinished ? {} : { aborted: true }),
    }
    countRequest(line, ms)
    if (status >= 500) logger.error(line, 'request')
    // Assets and strangers' guesses have no route.
    else logger[route ? 'info' : 'debug'](line, 'request')
  }
}
