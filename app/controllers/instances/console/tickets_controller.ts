import type { HttpContext } from '@adonisjs/core/http'
import ConsoleSession from '#models/console_session'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { consoleTicketValidator } from '#validators/console'

/** What opens one console, once, within half a minute. */
export default class TicketsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, visit, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('console', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { kind } = await request.validateUsing(consoleTicketValidator)
    const ticket = await ConsoleSession.issue(instance, {
      kind,
      holder: visit ?? auth.getUserOrFail(),
      asStaff: ctx.actsAsStaff ?? false,
    })
    response.header('cache-control', 'no-store')
    return response.created({ ticket })
  }
}
