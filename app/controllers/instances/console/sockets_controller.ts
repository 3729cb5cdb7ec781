import type { HttpContext } from '@adonisjs/core/http'
import ConsoleSession from '#models/console_session'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { consoleBroker } from '#services/console/broker'
import { takeOver, upgradeOf } from '#services/upgrades'
import { consoleSocketValidator } from '#validators/console'

const TICKET = /(?:^|[\s,])ticket\.([\w-]+)/

/** The socket of one console, for whoever brings its ticket. */
export default class SocketsController {
  async show(ctx: HttpContext) {
    const { organization, membership, params, request, visit, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('console', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const upgrade = upgradeOf(ctx)
    const size = await request.validateUsing(consoleSocketValidator, { data: request.qs() })
    // Among the protocols, not in the address: addresses are written into logs.
    const [, ticket = ''] = TICKET.exec(request.header('sec-websocket-protocol') ?? '') ?? []
    const session = await ConsoleSession.redeem(ticket, instance, visit ?? auth.getUserOrFail())
    takeOver(ctx)
    void consoleBroker.serve(session, upgrade, size)
  }
}
