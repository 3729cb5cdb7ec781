import type { HttpContext } from '@adonisjs/core/http'
import License from '#models/license'
import LicensePolicy from '#policies/license_policy'

/** By which an installation fetches and validates its own licence. */
export default class TokensController {
  async store({ organization, membership, params, bouncer, session, response }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('manageToken', membership)
    const license = await License.of(organization, params.license_id)
    session.flash('licenseToken', await license.issueToken())
    return response.redirect().toPath(`/o/${organization.slug}/licenses/${license.uid}`)
  }

  async destroy({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('manageToken', membership)
    const license = await License.of(organization, params.license_id)
    await license.revokeToken()
    return response.redirect().toPath(`/o/${organization.slug}/licenses/${license.uid}`)
  }
}
