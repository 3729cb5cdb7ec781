import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import { countPorts } from '#addressing/ports'
import Instance from '#models/instance'
import PortForward from '#models/port_forward'
import PortPool from '#models/port_pool'
import PortForwardPolicy from '#policies/port_forward_policy'
import { forwardsPage } from '#transformers/port_forward'
import { createPortForwardValidator, deletePortForwardsValidator } from '#validators/port_forward'

/** Public ports that lead to one instance. */
export default class PortForwardsController {
  async index({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(PortForwardPolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const forwards = await PortForward.ofInstance(instance)
    const pools = await PortPool.openIn(instance.clusterId)
    return view.render('pages/instances/port_forwards/index', {
      page: forwardsPage(instance, forwards, pools, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(PortForwardPolicy).authorize('create', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(createPortForwardValidator)
    const { forwards } = await instance.forward(
      {
        protocol: wish.protocol,
        targetPort: wish.target_port.first,
        count: countPorts([wish.target_port]),
        port: wish.port,
        pool: wish.pool ? await PortPool.presentAs(wish.pool) : null,
        note: wish.note,
      },
      askerOf(ctx),
      wish.request_key
    )
    const addresses = forwards.map(({ publicAddress }) => publicAddress)
    const message = ctx.i18n.t('port_forwards.asked', { address: addresses[0]! })
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/port-forwards`)
  }

  /** One or several, in one operation. */
  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(PortForwardPolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { forwards: uids, request_key: key } = await request.validateUsing(
      deletePortForwardsValidator
    )
    const forwards = await PortForward.among(instance, uids)
    await instance.unforward(forwards, askerOf(ctx), key)
    const message = ctx.i18n.t('port_forwards.removal_asked', { count: forwards.length })
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/port-forwards`)
  }
}
