import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { IdempotencyKeyMalformed } from '#exceptions/domain_error'
import IdempotencyKey from '#models/idempotency_key'

const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * `Idempotency-Key`: a request that is sent again with the same key is not done again. Answers are kept for a
 * day.
 */
export default class IdempotencyMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { auth, request, response } = ctx
    const key = request.header('idempotency-key')
    if (key === undefined || !CHANGING.includes(request.method())) return next()
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new IdempotencyKeyMalformed()
    const asked = `${request.method()} ${request.url()} ${request.raw() ?? ''}`
    const user = auth.getUserOrFail()
    const kept = await IdempotencyKey.begin(user, key, asked)
    const { answer } = kept
    if (answer) {
      response.header('idempotent-replayed', 'true')
      if (answer.location) response.header('location', answer.location)
      return response.status(answer.status).send(answer.body)
    }
    ctx.requestKey = IdempotencyKey.requestKey(user, key, asked)
    await next()
    if (ctx.isToldOnce) return kept.delete()
    const location = response.getHeader('location')
    await kept.end({
      status: response.getStatus(),
      location: typeof location === 'string' ? location : null,
      body: response.getBody() ?? null,
    })
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** Under which an operation is opened once; set where a program sent an Idempotency-Key. */
    requestKey?: string
    /** The answer holds what is told once: it is not kept for a repetition. */
    isToldOnce?: true
  }
}
