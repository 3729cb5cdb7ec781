import env from '#start/env'

/** Where new archives go; older ones stay where they are. */
export const backupStore = env.get('BACKUP_STORE', 'local')

/** How many an instance may have at once. */
export const backupsPerInstance = env.get('BACKUPS_PER_INSTANCE', 7)

/** One that was made by hand is removed after so many days; null: never. */
export const backupKeepDays = env.get('BACKUP_KEEP_DAYS', 90) || null

/** Whether somebody set up a store that speaks S3. */
export const hasS3Store = backupStore === 's3' || Boolean(env.get('BACKUP_S3_BUCKET'))

/** How to reach it. */
export const s3Settings = {
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
  // Stores that are not AWS do not know the newer checksums.
  requestChecksumCalculation: 'WHEN_REQUIRED' as const,
  responseChecksumValidation: 'WHEN_REQUIRED' as const,
  // One that takes what it is sent and says nothing would hold a worker for good.
  requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
}
