import type { HttpContext } from '@adonisjs/core/http'
import Transfer from '#models/transfer'
import InstancePolicy from '#policies/instance_policy'
import { acceptTransferValidator } from '#validators/instance'

/** An offered instance becomes one of this organization. */
export default class AcceptancesController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    const transfer = await Transfer.offeredAs(organization, params.transfer_id)
    const { name } = await request.validateUsing(acceptTransferValidator)
    await transfer.accept({ name, by: auth.getUserOrFail() })
    const message = ctx.i18n.t('instances.transfer.accepted', { name })
    ctx.session.flash('notice', { kind: 'success', message })
    const { uid } = transfer.instance
    return response.redirect().toPath(`/o/${organization.slug}/instances/${uid}`)
  }
}
