import Backup from '#models/backup'
import Operation from '#models/operation'
import type Organization from '#models/organization'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { likePrefix } from '#models/concerns/search'

/** All, those of instances that are there, and those of instances that are gone. */
export const BACKUP_SOURCES = ['all', 'there', 'gone'] as const
export type BackupSource = (typeof BACKUP_SOURCES)[number]

export type BackupListRequest = {
  /** How a backup or its instance is called; a star at the beginning means "anywhere in it". */
  words: string
  source: BackupSource
  cursor: Cursor
}

/** `underWay`: ids of those that are being made. */
export type BackupPage = KeysetPage<Backup> & { underWay: ReadonlySet<number> }

const PAGE_SIZE = 50

/**
 * Backups of an organization, newest first; `null`: of all of them, for staff. With `createdBy`, and `instance` with its
 * organization.
 */
export async function listBackups(
  organization: Organization | null,
  { words, source, cursor }: BackupListRequest,
  size = PAGE_SIZE
): Promise<BackupPage> {
  const query = Backup.query()
    .whereNull('backups.deleted_at')
    .preload('instance', (instance) => instance.preload('organization'))
    .preload('createdBy')
  if (organization) query.where('backups.organization_id', organization.id)
  if (source !== 'all') {
    query.whereHas('instance', (instance) => {
      if (source === 'there') instance.whereNull('deleted_at')
      else instance.whereNotNull('deleted_at')
    })
  }
  if (words !== '') {
    const like = [likePrefix(words)]
    query.where((either) =>
      either
        .whereRaw(`backups.name like ? escape '!'`, like)
        .orWhereHas('instance', (instance) => instance.whereRaw(`name like ? escape '!'`, like))
    )
  }
  const order = { columns: ['backups.id'], descending: true, keyOf: ({ id }: Backup) => [id] }
  const page = await keysetPage<Backup, typeof query>(query, order, cursor, size, (narrowed) =>
    narrowed.exec()
  )
  return { ...page, underWay: await underWay(page.rows) }
}

async function underWay(backups: Backup[]): Promise<Set<number>> {
  const making = backups.filter(({ isStored }) => !isStored)
  if (making.length === 0) return new Set()
  const operations = await Operation.query()
    .whereIn('instance_id', [...new Set(making.map(({ instanceId }) => instanceId))])
    .where('type', 'backup.create')
    .whereNotNull('open_on')
  return new Set(operations.map(({ input }) => Number(input.backupId)))
}
