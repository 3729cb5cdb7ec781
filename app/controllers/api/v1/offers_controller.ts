import type { HttpContext } from '@adonisjs/core/http'
import { Offer } from '#models/offer'
import InstancePolicy from '#policies/instance_policy'
import { apiImages, apiPlans } from '#transformers/api/v1/offer'

/** What the organization may order at this moment. */
export default class OffersController {
  async images({ organization, membership, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    return { data: apiImages(await Offer.of(organization)) }
  }

  async plans({ organization, membership, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    return { data: apiPlans(await Offer.of(organization)) }
  }
}
