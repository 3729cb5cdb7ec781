import type { HttpContext } from '@adonisjs/core/http'
import { countPorts } from '#addressing/ports'
import { accepted } from '#controllers/api/v1/accepted'
import { withOpenOperation } from '#controllers/api/v1/instances/found'
import { NoPortPool, NotFound } from '#exceptions/domain_error'
import Instance from '#models/instance'
import PortForward from '#models/port_forward'
import PortPool from '#models/port_pool'
import PortForwardPolicy from '#policies/port_forward_policy'
import { apiPageAmong } from '#transformers/api/v1/page'
import { apiForward } from '#transformers/api/v1/port_forward'
import { pageOf } from '#validators/instance_list'
import { createPortForwardValidator } from '#validators/port_forward'

export default class PortForwardsController {
  async index(ctx: HttpContext) {
    await ctx.bouncer.with(PortForwardPolicy).authorize('view', ctx.membership)
    const instance = await withOpenOperation(ctx)
    const forwards = await PortForward.ofInstance(instance)
    const rows = forwards.map((forward) => apiForward(forward, instance.openOperation))
    return apiPageAmong(rows, pageOf(ctx.request.qs()))
  }

  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(PortForwardPolicy).authorize('create', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(createPortForwardValidator)
    const pools = wish.pool ? await PortPool.openIn(instance.clusterId) : []
    const pool = pools.find(({ uid }) => uid === wish.pool) ?? null
    if (wish.pool && !pool) throw new NoPortPool()
    const { operation, forwards } = await instance.forward(
      {
        protocol: wish.protocol,
        targetPort: wish.target_port.first,
        count: countPorts([wish.target_port]),
        port: wish.port,
        pool,
        note: wish.note,
      },
      auth.getUserOrFail(),
      ctx.requestKey ?? null
    )
    return accepted(ctx, instance, operation, {
      port_forwards: forwards.map((forward) => apiForward(forward, operation)),
    })
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(PortForwardPolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const [forward] = await PortForward.among(instance, [params.id])
    if (!forward) throw new NotFound()
    const operation = await forward.remove(auth.getUserOrFail(), ctx.requestKey ?? null)
    return accepted(ctx, instance, operation)
  }
}
