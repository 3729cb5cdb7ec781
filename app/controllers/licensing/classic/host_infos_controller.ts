import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { ClassicLicensing } from '#models/classic_licensing'
import HostInfoUpload from '#models/host_info_upload'
import { Tenant } from '#models/concerns/tenant'
import { classicCallValidator } from '#validators/classic_licensing'

/** The host's file, from its holder, staff, or the installation itself. */
export default class HostInfosController {
  async store({ classicCaller, request, response }: HttpContext) {
    const { instanceid } = await request.validateUsing(classicCallValidator)
    if (!instanceid) return response.send({ status: 'instanceid_error' })
    const license = await ClassicLicensing.find(classicCaller!, instanceid, 'operator')
    const file = request.file('file')?.tmpPath
    if (!license || !file) return response.send({ status: 'not_exist' })
    const bytes = await readFile(file)
    const { upload } = await Tenant.run(license.organizationId, () =>
      HostInfoUpload.receive(license, bytes, {
        via: classicCaller!.license ? 'api' : 'form',
        by: classicCaller!.user,
      })
    )
    return response.send({ status: wordFor(upload) })
  }
}

/** The old words of what is wrong with a file. */
function wordFor({ refusal, isWaiting }: HostInfoUpload): string {
  if (refusal === 'TOO_LARGE') return 'too_large'
  if (refusal) return 'danger'
  return isWaiting ? 'waiting' : 'success'
}
