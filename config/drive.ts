import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/drive'
import type { InferDriveDisks } from '@adonisjs/drive/types'
import { hasS3Store, s3Settings } from '#config/backups'
import env from '#start/env'

const local = {
  type: 'provider' as const,
  async resolver() {
    const { default: LocalArchives } = await import('#services/archive_drivers/local')
    const location = app.makePath(env.get('BACKUP_FOLDER') || 'storage/backups')
    return () => new LocalArchives({ location, visibility: 'private' })
  },
}

/** Its software is 2 MB of sources, which a worker without such a store need not hold. */
const s3 = {
  type: 'provider' as const,
  async resolver() {
    const { default: S3Archives } = await import('#services/archive_drivers/s3')
    return () => new S3Archives(s3Settings)
  },
}

/** Where archives lie; see the guide on snapshots and backups. Nothing here is ever served by its address. */
const driveConfig = defineConfig({
  default: env.get('BACKUP_STORE', 'local'),
  services: { local, ...(hasS3Store && { s3 }) },
})

export default driveConfig

declare module '@adonisjs/drive/types' {
  export interface DriveDisks extends InferDriveDisks<typeof driveConfig> {}
}
