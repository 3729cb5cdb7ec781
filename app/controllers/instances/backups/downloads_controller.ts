import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import BackupPolicy from '#policies/backup_policy'

/**
 * The archive, as it comes from the store: neither its address there nor a key for it leaves this house. For pages
 * and for programs.
 */
export default class DownloadsController {
  async show({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('download', membership)
    const backup = await Backup.of(organization, params.id)
    const { name, stream } = await backup.download(auth.getUserOrFail())
    response
      .header('Content-Type', 'application/gzip')
      .header('Content-Length', String(backup.sizeBytes))
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .header('Digest', `sha-256=${Buffer.from(backup.digest!, 'hex').toString('base64')}`)
      .header('Cache-Control', 'no-store')
    return response.stream(stream)
  }
}
