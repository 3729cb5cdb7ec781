import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import { imagesFor } from '#models/reinstallation'
import InstancePolicy from '#policies/instance_policy'
import { apiImage } from '#transformers/api/v1/offer'
import { apiPageAmong } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'

/** From what an instance can be built anew. */
export default class ImagesController {
  async index({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const images = await imagesFor(instance)
    return apiPageAmong(images.map(apiImage), pageOf(request.qs()))
  }
}
