import type { HttpContext } from '@adonisjs/core/http'
import LicensedProduct from '#models/licensed_product'
import StaffPolicy from '#policies/staff_policy'

/** An archived product is granted no more; its licences go on. */
export default class ArchivesController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const product = await LicensedProduct.findByOrFail('uid', params.id)
    await product.archive()
    return response.redirect().toPath('/admin/licensed-products')
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const product = await LicensedProduct.findByOrFail('uid', params.id)
    await product.restore()
    return response.redirect().toPath('/admin/licensed-products')
  }
}
