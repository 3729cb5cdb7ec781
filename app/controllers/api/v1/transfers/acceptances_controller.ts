import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import Transfer from '#models/transfer'
import InstancePolicy from '#policies/instance_policy'
import { apiInstance } from '#transformers/api/v1/instance'
import { acceptTransferValidator } from '#validators/instance'

/** An offered instance becomes one of this organization. */
export default class AcceptancesController {
  async store({ organization, membership, params, request, bouncer, auth }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('receive', membership)
    const { name } = await request.validateUsing(acceptTransferValidator)
    const transfer = await Transfer.offeredAs(organization, params.transfer_id)
    await transfer.accept({ name, by: auth.getUserOrFail() })
    const instance = await Instance.of(organization, transfer.instance.uid)
    await instance.loadForApi()
    return { data: apiInstance(instance) }
  }
}
