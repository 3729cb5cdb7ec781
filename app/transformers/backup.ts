import { backupsPerInstance } from '#config/backups'
import type Backup from '#models/backup'
import { BACKUP_SOURCES, type BackupListRequest, type BackupPage } from '#models/backup_list'
import type CopySchedule from '#models/copy_schedule'
import type Instance from '#models/instance'
import Membership from '#models/membership'
import type Plan from '#models/plan'
import type User from '#models/user'
import { ListLinks } from '#transformers/list_links'
import { copySchedules } from '#transformers/copy_schedule'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { refusal } from '#transformers/instance_refusals'
import { newRequestKey } from '#validators/request_key'

export type BackupState = 'creating' | 'available' | 'failed'

/** What a person reads as its state; `underWay`: ids of those that are being made. */
export function backupState(
  { id, isStored }: Pick<Backup, 'id' | 'isStored'>,
  underWay: ReadonlySet<number>
): BackupState {
  if (isStored) return 'available'
  return underWay.has(id) ? 'creating' : 'failed'
}

/** A line of a list of backups. Needs `instance` and `createdBy`. */
function backupItem(
  backup: Backup,
  { membership, home }: Onlooker,
  underWay: ReadonlySet<number> = new Set()
) {
  const { instance, uid, storedAt } = backup
  const state = backupState(backup, underWay)
  const role = membership.isAtLeast('operator') ? null : ('role' as const)
  return {
    uid,
    path: `${home}/instances/${instance.uid}/backups/${uid}`,
    name: backup.name,
    instance: {
      name: instance.name,
      path: instance.deletedAt ? null : `${home}/instances/${instance.uid}/backups`,
    },
    state,
    isStored: storedAt !== null,
    /** It cannot be carried away. */
    isInCluster: backup.keptAs !== null,
    sizeMib: backup.sizeBytes === null ? null : backup.sizeBytes / 1_048_576,
    diskGib: backup.diskGib,
    sha256: backup.digest,
    rhythm: backup.rhythm,
    createdBy: backup.createdBy?.displayName ?? null,
    createdAt: backup.createdAt,
    expiresAt: backup.expiresAt,
    taking: role,
    deleting: state === 'creating' ? ('busy' as const) : deletingRefusal(membership),
  }
}

const deletingRefusal = (membership: Onlooker['membership']) =>
  membership.isAtLeast('admin') ? null : ('role' as const)

/** The backups of one instance, and what may be done. Needs `Instance.forPage`. */
export function backupsPage(
  instance: Instance,
  backups: Backup[],
  schedules: CopySchedule[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, 'backups')
  const used = backups.filter(({ slot }) => slot !== null).length
  const making = refusal(instance, onlooker.membership, {
    role: 'operator',
    at: 'made',
    facet: 'backups',
  })
  const underWay = new Set([Number(instance.openOperation?.input.backupId)])
  return {
    frame,
    path: `${frame.path}/backups`,
    ofAll: false,
    backups: backups.map((backup) => backupItem(backup, onlooker, underWay)),
    used,
    limit: backupsPerInstance,
    /** Why none can be made; null: one can. */
    making: making ?? (used >= backupsPerInstance ? ('limit' as const) : null),
    schedules: copySchedules(instance, schedules, {
      path: `${frame.path}/backup-schedules`,
      mostKept: backupsPerInstance,
      // It changes nothing in the cluster now, so nothing that goes on there is in its way.
      refusal: making === 'busy' ? null : making,
    }),
  }
}

/** Those of all instances of an organization. */
export function backupsOfOrganization(
  page: BackupPage,
  asked: BackupListRequest,
  onlooker: Onlooker
) {
  return {
    ...listOf(`${onlooker.home}/backups`, page, asked),
    backups: page.rows.map((backup) => backupItem(backup, onlooker, page.underWay)),
  }
}

/** Those of all organizations: to be looked at and deleted; what is in them is for their owners. */
export function staffBackupsPage(page: BackupPage, asked: BackupListRequest, staff: User) {
  return {
    ...listOf('/admin/backups', page, asked),
    isStaff: true,
    backups: page.rows.map((backup) => staffBackupItem(backup, staff, page.underWay)),
  }
}

/** One of them, before staff deletes it. */
export function staffBackupPage(backup: Backup, staff: User) {
  const item = staffBackupItem(backup, staff, new Set())
  return { isStaff: true, listPath: '/admin/backups', backup: item }
}

function staffBackupItem(backup: Backup, staff: User, underWay: ReadonlySet<number>) {
  const { organization } = backup.instance
  const onlooker = { membership: Membership.ofStaff(staff, organization), home: '/admin' }
  return {
    ...backupItem(backup, onlooker, underWay),
    path: `/admin/backups/${backup.uid}`,
    organization: { name: organization.name, path: `/admin/organizations/${organization.uid}` },
  }
}

function listOf(path: string, page: BackupPage, { words, source }: BackupListRequest) {
  const kept = source === 'all' ? {} : { source }
  const links = new ListLinks(path, { q: words, ...kept })
  return {
    ofAll: true,
    path,
    words,
    kept,
    isNarrowed: words !== '' || source !== 'all',
    sources: BACKUP_SOURCES.map((key) => ({
      key,
      href: links.with({ source: key === 'all' ? null : key }),
      isActive: key === source,
    })),
    ...links.around(page),
  }
}

/** One of them, before something is done with it. */
export function backupPage(backup: Backup, onlooker: Onlooker) {
  const item = backupItem(backup, onlooker)
  return {
    isStaff: onlooker.home === '/admin',
    requestKey: newRequestKey(),
    listPath: item.instance.path ?? `${onlooker.home}/backups`,
    backup: item,
  }
}

export function restorationPage(backup: Backup, plans: Plan[], name: string, onlooker: Onlooker) {
  return {
    ...backupPage(backup, onlooker),
    suggestedName: name,
    plans: plans.map(({ uid, name: label, cpus, memoryMib, diskGib }) => ({
      value: uid,
      label,
      cpus,
      memoryMib,
      diskGib,
    })),
  }
}
