import type { HttpContext } from '@adonisjs/core/http'
import { Offer } from '#models/offer'
import InstancePolicy from '#policies/instance_policy'
import { apiClusters, apiImages, apiPlans } from '#transformers/api/v1/offer'
import { apiPageAmong } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'

/** What the organization may order at this moment. */
export default class OffersController {
  async clusters({ organization, membership, bouncer, request }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    return apiPageAmong(apiClusters(await Offer.of(organization)), pageOf(request.qs()))
  }

  async images({ organization, membership, bouncer, request }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    return apiPageAmong(apiImages(await Offer.of(organization)), pageOf(request.qs()))
  }

  async plans({ organization, membership, bouncer, request }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    return apiPageAmong(apiPlans(await Offer.of(organization)), pageOf(request.qs()))
  }
}
