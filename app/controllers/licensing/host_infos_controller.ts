import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import HostInfoUpload from '#models/host_info_upload'
import License from '#models/license'
import LicensePolicy from '#policies/license_policy'
import { hostInfoValidator } from '#validators/license'

/** The customer's host, as a file or pasted. */
export default class HostInfosController {
  async store({
    organization,
    membership,
    params,
    request,
    bouncer,
    auth,
    session,
    response,
    i18n,
  }: HttpContext) {
    await bouncer.with(LicensePolicy).authorize('upload', membership)
    const license = await License.of(organization, params.license_id)
    const { host_info: pasted } = await request.validateUsing(hostInfoValidator)
    const file = request.file('file')?.tmpPath
    const bytes = file ? await readFile(file) : Buffer.from(pasted ?? '')
    const { upload, operation } = await HostInfoUpload.receive(license, bytes, {
      via: file ? 'form' : 'paste',
      by: auth.getUserOrFail(),
    })
    const home = `/o/${organization.slug}`
    if (operation) return response.redirect().toPath(`${home}/operations/${operation.uid}`)
    const message = upload.refusal
      ? i18n.t(`licenses.refusal_${upload.refusal}`)
      : i18n.t('licenses.waits_for_approval')
    session.flash('notice', { kind: upload.refusal ? 'error' : 'success', message })
    return response.redirect().toPath(`${home}/licenses/${license.uid}`)
  }
}
