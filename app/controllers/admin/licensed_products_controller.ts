import type { HttpContext } from '@adonisjs/core/http'
import LicensedProduct, { type ProductFacts } from '#models/licensed_product'
import StaffPolicy from '#policies/staff_policy'
import { licensedProductValidator } from '#validators/license'

const LIST = '/admin/licensed-products'

export default class LicensedProductsController {
  async index({ bouncer, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const licenses = await LicensedProduct.countLicenses()
    const products = await LicensedProduct.inOrder()
    return view.render('pages/admin/licensed_products/index', {
      products: products.map((product) => ({
        ...product.serialize(),
        path: `${LIST}/${product.uid}`,
        isArchived: product.archivedAt !== null,
        licenses: licenses.get(product.id) ?? 0,
      })),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    return view.render('pages/admin/licensed_products/create')
  }

  async store({ bouncer, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    await LicensedProduct.add(factsOf(await request.validateUsing(licensedProductValidator)))
    return response.redirect().toPath(LIST)
  }

  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const product = await LicensedProduct.findByOrFail('uid', params.id)
    return view.render('pages/admin/licensed_products/edit', {
      product: { ...product.serialize(), path: `${LIST}/${product.uid}` },
    })
  }

  async update({ bouncer, params, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const product = await LicensedProduct.findByOrFail('uid', params.id)
    await product.change(factsOf(await request.validateUsing(licensedProductValidator)))
    return response.redirect().toPath(LIST)
  }
}

type Typed = Awaited<ReturnType<typeof licensedProductValidator.validate>>

function factsOf(typed: Typed): ProductFacts {
  return {
    code: typed.code,
    name: typed.name,
    algorithm: typed.algorithm,
    classicEnabled: typed.classic_enabled ?? false,
    classicOrder: typed.classic_order,
    encrypted: typed.encrypted ?? false,
    rebindLimit: typed.rebind_limit,
    graceDays: typed.grace_days,
  }
}
