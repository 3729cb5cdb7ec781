import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import OperationPolicy from '#policies/operation_policy'

export default class RetriesController {
  async store({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('retry', membership)
    const ended = await Operation.of(organization, params.operation_id)
    const again = await ended.retry(auth.getUserOrFail())
    return response.redirect().toPath(`/o/${organization.slug}/operations/${again.uid}`)
  }
}
