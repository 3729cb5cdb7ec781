import type { HttpContext } from '@adonisjs/core/http'
import { streamOperation } from '#controllers/operations/events_controller'
import Operation from '#models/operation'
import StaffPolicy from '#policies/staff_policy'

export default class EventsController {
  async index(ctx: HttpContext) {
    await ctx.bouncer.with(StaffPolicy).authorize('read')
    const operation = await Operation.findByOrFail('uid', ctx.params.operation_id)
    return streamOperation(ctx, operation, null)
  }
}
