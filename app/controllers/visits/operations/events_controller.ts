import type { HttpContext } from '@adonisjs/core/http'
import { streamOperation } from '#controllers/operations/events_controller'
import OperationPolicy from '#policies/operation_policy'

/** The course of one operation, as it goes on. */
export default class EventsController {
  async index(ctx: HttpContext) {
    const { visit, organization, membership, params, bouncer } = ctx
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const operation = await visit!.operation(params.operation_id)
    return streamOperation(ctx, operation, organization.id)
  }
}
