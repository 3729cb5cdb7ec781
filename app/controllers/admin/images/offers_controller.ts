import type { HttpContext } from '@adonisjs/core/http'
import Image from '#models/image'
import StaffPolicy from '#policies/staff_policy'

/** Customers may choose an image that is on offer. */
export default class OffersController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const image = await Image.presentAs(params.image_id)
    await image.offer()
    return response.redirect().back()
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const image = await Image.presentAs(params.image_id)
    await image.withdraw()
    return response.redirect().back()
  }
}
