import type { HttpContext } from '@adonisjs/core/http'
import { toString as qrCode } from 'qrcode'
import { toParts } from '#licensing/parts'
import License from '#models/license'
import LicensePolicy from '#policies/license_policy'
import { documentFormValidator } from '#validators/license'

/** A document for a host that no network reaches: to be copied, and as QR codes. Handed out like a download. */
export default class ExchangesController {
  async show({ organization, membership, params, request, bouncer, auth, view }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('view', membership)
    const license = await License.of(organization, params.license_id)
    const { form = 'document' } = await request.validateUsing(documentFormValidator)
    const document = await license.publishedDocument(params.document_id)
    const { name, text, sha256 } = await document.handOut(license, form, auth.getUserOrFail())
    return view.render('pages/licenses/exchange', {
      license: { name: license.name, path: `/o/${organization.slug}/licenses/${license.uid}` },
      file: { name, text, sha256 },
      codes: await Promise.all(toParts(text).map(imageOf)),
    })
  }
}

async function imageOf(part: string): Promise<string> {
  const svg = await qrCode(part, { type: 'svg', margin: 4, errorCorrectionLevel: 'L' })
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}
