import type { HttpContext } from '@adonisjs/core/http'
import HostInfoUpload from '#models/host_info_upload'
import { hostInfoValidator } from '#validators/license'

/** The file of the collector, sent by the installation itself. */
export default class HostInfosController {
  async store({ license, request, response }: HttpContext) {
    const { host_info: text } = await request.validateUsing(hostInfoValidator)
    const { upload, operation } = await HostInfoUpload.receive(license, Buffer.from(text ?? ''), {
      via: 'api',
      by: null,
    })
    return response.status(upload.refusal ? 422 : 202).send({
      upload: upload.uid,
      refusal: upload.refusal ?? null,
      operation: operation?.uid ?? null,
    })
  }
}
