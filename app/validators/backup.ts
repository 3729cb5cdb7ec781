import vine from '@vinejs/vine'
import { BACKUP_SOURCES, type BackupListRequest } from '#models/backup_list'
import { searchOf } from '#validators/list'
import { hostName } from '#validators/rules/host_name'
import { requestKey } from '#validators/request_key'
import { copyName } from '#validators/snapshot'
import { halfWidth } from '#validators/rules/half_width'
import { uid } from '#validators/rules/uid'

/** Reads the address of a list. What it does not know falls back to all. */
export function backupListRequest(query: Record<string, unknown>): BackupListRequest {
  const source = BACKUP_SOURCES.find((known) => known === query.source) ?? 'all'
  return { ...searchOf(query), source }
}

export const createBackupValidator = vine.create({
  name: copyName().nullable().optional(),
  request_key: requestKey().optional(),
})

export const restoreBackupValidator = vine.create({
  name: vine.string().parse(halfWidth).trim().toLowerCase().maxLength(63).use(hostName()),
  plan: uid(),
  request_key: requestKey().optional(),
})
