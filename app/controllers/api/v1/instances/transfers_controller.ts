import type { HttpContext } from '@adonisjs/core/http'
import { TransferClosed } from '#exceptions/domain_error'
import Instance from '#models/instance'
import Transfer from '#models/transfer'
import InstancePolicy from '#policies/instance_policy'
import { apiTransfer } from '#transformers/api/v1/transfer'
import { offerInstanceValidator } from '#validators/instance'

/** An instance that is offered to another organization. */
export default class TransfersController {
  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('transfer', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const open = await Transfer.openOf(instance)
    return { data: open && apiTransfer(open) }
  }

  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('transfer', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { organization: to } = await request.validateUsing(offerInstanceValidator)
    const transfer = await Transfer.offer(instance, { to, by: auth.getUserOrFail() })
    await transfer.load('to')
    return response.created({ data: apiTransfer(transfer) })
  }

  /** Taken back. */
  async destroy({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('transfer', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const open = await Transfer.openOf(instance)
    if (!open) throw new TransferClosed()
    await open.withdraw(auth.getUserOrFail())
    return response.noContent()
  }
}
