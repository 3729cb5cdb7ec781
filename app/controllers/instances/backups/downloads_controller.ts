import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import BackupPolicy from '#policies/backup_policy'
import { byteRange } from '#validators/byte_range'

/**
 * The archive, as it comes from the store: neither its address there nor a key for it leaves this house. For pages
 * and for programs. One that broke off is gone on with: `Range`, and `If-Range` so that it is still the same.
 */
export default class DownloadsController {
  async show({ organization, membership, params, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('download', membership)
    const backup = await Backup.of(organization, params.id)
    const { sizeBytes, sha256 } = backup.archive
    const etag = `"${sha256}"`
    const isSame = [undefined, etag].includes(request.header('if-range'))
    const range = byteRange(isSame ? request.header('range') : undefined, sizeBytes)
    response.header('Accept-Ranges', 'bytes').header('Cache-Control', 'no-store')
    if (!range) {
      return response.status(416).header('Content-Range', `bytes */${sizeBytes}`).send('')
    }
    const { first, last } = range
    const length = last - first + 1
    const stream = await backup.download(auth.getUserOrFail(), range)
    if (length < sizeBytes) {
      response.status(206).header('Content-Range', `bytes ${first}-${last}/${sizeBytes}`)
    }
    response
      .header('ETag', etag)
      .header('Content-Type', 'application/gzip')
      .header('Content-Length', String(length))
      .header('Content-Disposition', `attachment; filename="${backup.fileName}"`)
      .header('Digest', `sha-256=${Buffer.from(sha256, 'hex').toString('base64')}`)
    return response.stream(stream)
  }
}
