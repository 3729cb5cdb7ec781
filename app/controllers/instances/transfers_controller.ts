import type { HttpContext } from '@adonisjs/core/http'
import { TransferClosed } from '#exceptions/domain_error'
import Instance from '#models/instance'
import Transfer from '#models/transfer'
import InstancePolicy from '#policies/instance_policy'
import { transferPage } from '#transformers/instance_deeds'
import { offerTransferValidator } from '#validators/instance'

/** An instance that is offered to another organization. */
export default class TransfersController {
  async show({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('transfer', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const open = await Transfer.openOf(instance)
    return view.render('pages/instances/transfer/show', {
      page: transferPage(instance, open, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('transfer', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(offerTransferValidator(instance.name))
    await Transfer.offer(instance, { to: wish.organization, by: auth.getUserOrFail() })
    const message = ctx.i18n.t('instances.transfer.offered', { slug: wish.organization })
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/transfer`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('transfer', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const open = await Transfer.openOf(instance)
    if (!open) throw new TransferClosed()
    await open.withdraw(auth.getUserOrFail())
    const message = ctx.i18n.t('instances.transfer.withdrawn')
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/transfer`)
  }
}
