import type { HttpContext } from '@adonisjs/core/http'
import { streamOrganization } from '#controllers/organizations/events_controller'
import StaffPolicy from '#policies/staff_policy'

/** All that goes on, in all organizations. */
export default class EventsController {
  async index(ctx: HttpContext) {
    await ctx.bouncer.with(StaffPolicy).authorize('read')
    streamOrganization(ctx, null, '/admin')
  }
}
