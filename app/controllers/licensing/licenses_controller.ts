import type { HttpContext } from '@adonisjs/core/http'
import License from '#models/license'
import { listLicenses } from '#models/license_list'
import { licenseForPage } from '#models/license_page'
import LicensePolicy from '#policies/license_policy'
import { licenseListPage, licensePage } from '#transformers/license'
import { licenseListRequest } from '#validators/license'

export default class LicensesController {
  async index({ organization, membership, request, bouncer, view }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('view', membership)
    const asked = licenseListRequest(request.qs())
    const page = await listLicenses([organization.id], asked)
    return view.render('pages/licenses/index', {
      list: licenseListPage(`/o/${organization.slug}/licenses`, page, asked),
    })
  }

  async show({ organization, membership, params, bouncer, view }: HttpContext) {
    const policy = bouncer.with(LicensePolicy)
    await policy.authorize('view', membership)
    const license = await License.of(organization, params.id)
    return view.render('pages/licenses/show', {
      license: licensePage(await licenseForPage(license), `/o/${organization.slug}`),
      can: {
        upload: await policy.allows('upload', membership),
        manageToken: await policy.allows('manageToken', membership),
      },
    })
  }
}
