import type { HttpContext } from '@adonisjs/core/http'
import { uploadedText } from '#controllers/uploaded_text'
import { grantRows } from '#models/license_import'
import LicensedProduct from '#models/licensed_product'
import StaffPolicy from '#policies/staff_policy'
import { licenseImportValidator } from '#validators/license'
import { readLicenseRows } from '#validators/license_rows'

const LARGEST = 500_000

/** Many licences at once: first looked at line by line, then granted, all or none. */
export default class ImportsController {
  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    return view.render('pages/admin/licenses/import', { products: await choices(), preview: null })
  }

  async store({ bouncer, request, response, auth, session, view, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { product: uid, rows, step } = await request.validateUsing(licenseImportValidator)
    const text = (await uploadedText(request, 'file', LARGEST)) || (rows ?? '')
    const product = await LicensedProduct.findByOrFail('uid', uid)
    const lines = await readLicenseRows(text)
    const isWhole = lines.length > 0 && lines.every(({ problems }) => problems.length === 0)
    if (step === 'preview' || !isWhole) {
      return view.render('pages/admin/licenses/import', {
        products: await choices(),
        preview: { lines, isWhole, text, product: uid },
      })
    }
    await grantRows(
      product,
      lines.map(({ row }) => row!),
      auth.getUserOrFail()
    )
    const message = i18n.t('licenses.granted_many', { count: lines.length })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/licenses')
  }
}

async function choices() {
  const products = await LicensedProduct.offered()
  return products.map(({ uid, name }) => ({ value: uid, label: name }))
}
