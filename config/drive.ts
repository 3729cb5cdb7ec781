import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig, services } from '@adonisjs/drive'
import type { InferDriveDisks } from '@adonisjs/drive/types'

/** A store that somebody set up: its software is 2 MB of sources, which a worker without it need not hold. */
const hasS3 = env.get('BACKUP_STORE') === 's3' || Boolean(env.get('BACKUP_S3_BUCKET'))
const s3 = () =>
  services.s3({
    credentials: {
      accessKeyId: env.get('BACKUP_S3_ACCESS_KEY') ?? '',
      secretAccessKey: env.get('BACKUP_S3_SECRET_KEY')?.release() ?? '',
    },
    region: env.get('BACKUP_S3_REGION') || 'us-east-1',
    bucket: env.get('BACKUP_S3_BUCKET') || 'portico-backups',
    ...(env.get('BACKUP_S3_ENDPOINT') && {
      endpoint: env.get('BACKUP_S3_ENDPOINT')!,
      forcePathStyle: true,
    }),
    // Stores that are not AWS know neither access lists nor the newer checksums.
    supportsACL: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    visibility: 'private',
  })

/** Where archives lie; see the guide on snapshots and backups. Nothing here is ever served by its address. */
const driveConfig = defineConfig({
  default: env.get('BACKUP_STORE', 'local'),
  services: {
    local: services.fs({
      location: app.makePath(env.get('BACKUP_FOLDER') || 'storage/backups'),
      visibility: 'private',
      serveFiles: false,
    }),
    ...(hasS3 && { s3: s3() }),
  },
})

export default driveConfig

declare module '@adonisjs/drive/types' {
  export interface DriveDisks extends InferDriveDisks<typeof driveConfig> {}
}
