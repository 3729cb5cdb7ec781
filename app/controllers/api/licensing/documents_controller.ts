import type { HttpContext } from '@adonisjs/core/http'
import { NoHostInfo } from '#exceptions/domain_error'
import LicenseDocument from '#models/license_document'
import { documentFormValidator } from '#validators/license'

export default class DocumentsController {
  async show({ license, request, response }: HttpContext) {
    const { form = 'document' } = await request.validateUsing(documentFormValidator)
    const document = await LicenseDocument.currentOf(license)
    if (!document) throw new NoHostInfo()
    const { name, text, sha256 } = await document.handOut(license, form, null)
    return response
      .header('Content-Type', 'application/octet-stream')
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .header('Digest', `sha-256=${Buffer.from(sha256, 'hex').toString('base64')}`)
      .send(text)
  }
}
