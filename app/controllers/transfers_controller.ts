import type { HttpContext } from '@adonisjs/core/http'
import Transfer from '#models/transfer'
import InstancePolicy from '#policies/instance_policy'
import { offeredPage } from '#transformers/instance_deeds'

/** An instance that another organization offers to this one. */
export default class TransfersController {
  async show({ organization, membership, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    const transfer = await Transfer.offeredAs(organization, params.id)
    return view.render('pages/transfers/show', { page: offeredPage(transfer, organization) })
  }

  /** Declined. */
  async destroy(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    const transfer = await Transfer.offeredAs(organization, params.id)
    await transfer.decline(auth.getUserOrFail())
    const message = ctx.i18n.t('instances.transfer.declined')
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/o/${organization.slug}/instances`)
  }
}
