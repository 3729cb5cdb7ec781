import { DateTime } from 'luxon'
import type { I18n } from '@adonisjs/i18n'
import type AuditEvent from '#models/audit_event'
import type { InstanceRow } from '#models/instance_list'
import type { ListedLicense } from '#models/license_list'
import type { OperationRow } from '#models/operation_list'
import { tenantAuditEvent } from '#transformers/audit_event'
import { instanceItem } from '#transformers/instance_list'
import { messageKey, operationTitle } from '#transformers/operation'

/** A moment, whichever way its list hands it over. */
export function at(value: DateTime | Date | string | null | undefined): Date | null {
  if (!value) return null
  if (value instanceof DateTime) return value.toJSDate()
  // SQLite keeps UTC without saying so.
  return typeof value === 'string' ? DateTime.fromSQL(value, { zone: 'utc' }).toJSDate() : value
}

export const instanceColumns = {
  id: ({ uid }: InstanceRow) => uid,
  name: ({ name }: InstanceRow) => name,
  status: (row: InstanceRow, i18n: I18n) => i18n.t(`states.${instanceItem(row).status}`),
  kind: ({ kind }: InstanceRow, i18n: I18n) => i18n.t(`instances.kind.${kind}`),
  addresses: ({ addresses }: InstanceRow) => addresses?.replaceAll(',', ' '),
  plan: ({ plan }: InstanceRow) => plan,
  image: ({ image }: InstanceRow) => image,
  cpus: ({ cpus }: InstanceRow) => cpus,
  memory_mib: ({ memory_mib: memory }: InstanceRow) => memory,
  disk_gib: ({ disk_gib: disk }: InstanceRow) => disk,
  cluster: ({ cluster }: InstanceRow) => cluster,
  created: ({ created_at: created }: InstanceRow) => at(created),
}

export const operationColumns = {
  id: ({ uid }: OperationRow) => uid,
  operation(row: OperationRow, i18n: I18n) {
    const { key, values } = operationTitle(row, row.instance)
    return i18n.t(key, values)
  },
  kind: ({ type }: OperationRow, i18n: I18n) => i18n.t(`operations.type.${messageKey(type)}`),
  state: ({ state }: OperationRow, i18n: I18n) => i18n.t(`states.${state}`),
  failure: ({ error_kind: kind }: OperationRow, i18n: I18n) =>
    kind && i18n.t(`operations.error.${kind}`),
  instance: ({ instance }: OperationRow) => instance,
  cluster: ({ cluster }: OperationRow) => cluster,
  actor: ({ actor_name: name, actor_email: email }: OperationRow) => name ?? email,
  asked: ({ created_at: created }: OperationRow) => at(created),
  ended: ({ ended_at: ended }: OperationRow) => at(ended),
}

/** What an organization is told; the staff's file adds what stays with the staff. */
export const auditColumns = {
  id: ({ uid }: AuditEvent) => uid,
  occurred: ({ occurredAt }: AuditEvent) => new Date(occurredAt),
  who: (event: AuditEvent, i18n: I18n) => tenantAuditEvent(event, i18n).who,
  what: ({ action }: AuditEvent, i18n: I18n) => i18n.t(`audit.${action}`),
  action: ({ action }: AuditEvent) => action,
  subject: (event: AuditEvent, i18n: I18n) => tenantAuditEvent(event, i18n).subject?.label,
  subject_id: ({ subjectUid }: AuditEvent) => subjectUid,
  outcome: ({ outcome }: AuditEvent, i18n: I18n) => i18n.t(`activity.outcome_${outcome}`),
  address: (event: AuditEvent, i18n: I18n) => tenantAuditEvent(event, i18n).ipAddress,
}

export const licenseColumns = {
  id: ({ license }: ListedLicense) => license.uid,
  name: ({ license }: ListedLicense) => license.name,
  product: ({ license }: ListedLicense) => license.product.name,
  organization: ({ license }: ListedLicense) => license.organization.name,
  state: ({ standing }: ListedLicense, i18n: I18n) => i18n.t(`licenses.state_${standing.state}`),
  expires: ({ license }: ListedLicense) => at(license.expiresAt),
}
