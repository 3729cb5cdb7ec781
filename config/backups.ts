import env from '#start/env'

/** Where new archives go; older ones stay where they are. */
export const backupStore = env.get('BACKUP_STORE', 'local')

/** How many an instance may have at once. */
export const backupsPerInstance = env.get('BACKUPS_PER_INSTANCE', 7)

/** One that was made by hand is removed after so many days; null: never. */
export const backupKeepDays = env.get('BACKUP_KEEP_DAYS', 90) || null

/** No store takes a file of any size at once (S3: 5 GB): longer archives lie there in parts. */
export const archivePartBytes = 4 * 1024 ** 3
