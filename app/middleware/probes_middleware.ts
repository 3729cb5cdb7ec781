import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { toProbe } from '#services/probe_server'
import { answerProbe } from '#services/probes'

/** Before sessions and everything else that needs the database: a probe is answered also without one. */
export default class ProbesMiddleware {
  async handle({ request, response }: HttpContext, next: NextFn) {
    const answer = await answerProbe(toProbe(request.request))
    if (!answer) return next()
    response
      .status(answer.status)
      .header('content-type', answer.type)
      .header('cache-control', 'no-store')
      .send(answer.body)
  }
}
