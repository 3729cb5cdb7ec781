import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/drive'
import type { InferDriveDisks } from '@adonisjs/drive/types'
import { s3Settings } from '#config/backups'
import env from '#start/env'

/** A store that somebody set up: its software is 2 MB of sources, which a worker without it need not hold. */
const hasS3 = env.get('BACKUP_STORE') === 's3' || Boolean(env.get('BACKUP_S3_BUCKET'))

const local = {
  type: 'provider' as const,
  async resolver() {
    const { default: LocalArchives } = await import('#services/archive_drivers/local')
    const location = app.makePath(env.get('BACKUP_FOLDER') || 'storage/backups')
    return () => new LocalArchives({ location, visibility: 'private' })
  },
}

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
  services: { local, ...(hasS3 && { s3 }) },
})

export default driveConfig

declare module '@adonisjs/drive/types' {
  export interface DriveDisks extends InferDriveDisks<typeof driveConfig> {}
}
