import type { HttpContext } from '@adonisjs/core/http'
import Transfer from '#models/transfer'
import InstancePolicy from '#policies/instance_policy'
import { apiPage } from '#transformers/api/v1/page'
import { apiOfferedInstance } from '#transformers/api/v1/transfer'
import { pageOf } from '#validators/instance_list'

/** Instances that other organizations offer to this one. */
export default class TransfersController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    const { cursor, size } = pageOf(request.qs())
    return apiPage(await Transfer.pageOf(organization, cursor, size), apiOfferedInstance)
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    return { data: apiOfferedInstance(await Transfer.offeredAs(organization, params.id)) }
  }

  /** Declined. */
  async destroy({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    const transfer = await Transfer.offeredAs(organization, params.id)
    await transfer.decline(auth.getUserOrFail())
    return response.noContent()
  }
}
