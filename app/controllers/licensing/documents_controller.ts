import type { HttpContext } from '@adonisjs/core/http'
import License from '#models/license'
import LicensePolicy from '#policies/license_policy'
import { documentFormValidator } from '#validators/license'

export default class DocumentsController {
  /** Signs anew: the first time, after a change, or when what is kept is broken. */
  async store({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('upload', membership)
    const license = await License.of(organization, params.license_id)
    const operation = await license.issue(auth.getUserOrFail())
    return response.redirect().toPath(`/o/${organization.slug}/operations/${operation.uid}`)
  }

  async show({ organization, membership, params, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('view', membership)
    const license = await License.of(organization, params.license_id)
    const { form = 'document' } = await request.validateUsing(documentFormValidator)
    const document = await license.publishedDocument(params.id)
    const { name, text, sha256 } = await document.handOut(license, form, auth.getUserOrFail())
    return response
      .header('Content-Type', 'application/octet-stream')
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .header('Digest', `sha-256=${Buffer.from(sha256, 'hex').toString('base64')}`)
      .header('Cache-Control', 'no-store')
      .send(text)
  }
}
