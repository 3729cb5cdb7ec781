import type { HttpContext } from '@adonisjs/core/http'
import ConsoleSession from '#models/console_session'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { apiConsoleTicket } from '#transformers/api/v1/console'
import { consoleTicketValidator } from '#validators/console'

/** What opens one console, once, within half a minute, for the token that asked for it. */
export default class TicketsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('console', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { kind } = await request.validateUsing(consoleTicketValidator)
    const holder = auth.getUserOrFail()
    const ticket = await ConsoleSession.issue(instance, { kind, holder, asStaff: false })
    ctx.isToldOnce = true
    return response.created({ data: apiConsoleTicket(organization, instance, ticket) })
  }
}
