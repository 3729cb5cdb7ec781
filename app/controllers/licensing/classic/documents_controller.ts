import type { HttpContext } from '@adonisjs/core/http'
import router from '@adonisjs/core/services/router'
import { NotFound } from '#exceptions/domain_error'
import { classicFileName } from '#licensing/classic_file'
import { ClassicLicensing } from '#models/classic_licensing'
import type License from '#models/license'
import LicenseDocument from '#models/license_document'
import { Tenant } from '#models/concerns/tenant'
import { operationEnd } from '#services/operation_end'
import { classicCallValidator } from '#validators/classic_licensing'

const LONGEST_WAIT_MS = 15_000
const LINK_FOR = '10 minutes'

/** The licence's file: made on request, and fetched from where it used to lie. */
export default class DocumentsController {
  /** `url`: where it is, with a signature that opens it for a while. */
  async store({ classicCaller, request, response, i18n }: HttpContext) {
    const { instanceid } = await request.validateUsing(classicCallValidator)
    if (!instanceid) return response.send({ status: 'instanceid_error' })
    const license = await ClassicLicensing.find(classicCaller!, instanceid, 'operator')
    if (!license) return response.send({ status: 'not_exist' })
    return Tenant.run(license.organizationId, async () => {
      const operation = await license.issue(classicCaller!.user)
      const look = async () => {
        await operation.refresh()
        return operation.state
      }
      const isMade = (await operationEnd(operation.id, look, LONGEST_WAIT_MS)) === 'succeeded'
      if (!isMade || !(await LicenseDocument.currentOf(license))) {
        return response.send({ status: 'fail', data: i18n.t('licenses.classic_no_file') })
      }
      return response.send({ status: 'success', url: signedAddress(license) })
    })
  }

  async show({ classicCaller, params, response }: HttpContext) {
    const license = await ClassicLicensing.findByFile(classicCaller!, params.file)
    if (!license) throw new NotFound()
    return Tenant.run(license.organizationId, async () => {
      const document = await LicenseDocument.currentOf(license)
      if (!document) throw new NotFound()
      const form = document.classic === null ? 'document' : 'classic'
      const { text, sha256 } = await document.handOut(license, form, classicCaller!.user)
      return response
        .header('Content-Type', 'application/octet-stream')
        .header('Content-Disposition', `attachment; filename="${classicFileName(license.name)}"`)
        .header('Digest', `sha-256=${Buffer.from(sha256, 'hex').toString('base64')}`)
        .send(text)
    })
  }
}

function signedAddress({ uid, name }: License): string {
  return router.urlBuilder.signedUrlFor(
    'classic_licensing.file',
    { file: classicFileName(name) },
    { qs: { license: uid }, expiresIn: LINK_FOR }
  )
}
