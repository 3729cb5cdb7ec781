import type Backup from '#models/backup'
import { backupState } from '#transformers/backup'

/** Needs `instance` and `createdBy`. `underWay`: ids of those that are being made. */
export function apiBackup(backup: Backup, underWay: ReadonlySet<number>) {
  const { instance } = backup
  return {
    uid: backup.uid,
    name: backup.name,
    state: backupState(backup, underWay),
    instance: { uid: instance.uid, name: instance.name, is_deleted: instance.deletedAt !== null },
    disk_gib: backup.diskGib,
    size_bytes: backup.sizeBytes ?? null,
    sha256: backup.digest ?? null,
    rhythm: backup.rhythm,
    created_by: backup.createdBy?.displayName ?? null,
    created_at: backup.createdAt.toISO(),
    expires_at: backup.expiresAt?.toISO() ?? null,
  }
}
