import db from '@adonisjs/lucid/services/db'
import type { LucidRow, ModelAttributes } from '@adonisjs/lucid/types/model'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { NameInUse } from '#exceptions/domain_error'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import { isUniqueViolation } from '#models/concerns/database_errors'
import type { AuditAction } from '#models/types'

/** A row of the platform itself, which belongs to no tenant. */
export type PlatformRow = LucidRow & { auditSubject: AuditSubject }

/**
 * Changes a row and records it in the platform's chain: both or neither. What is already as wanted is
 * neither written nor recorded.
 * @throws NameInUse when a unique key refuses it
 */
export async function recordedChange<Row extends PlatformRow>(
  row: Row,
  action: AuditAction,
  changes: Partial<ModelAttributes<Row>>,
  within?: TransactionClientContract
): Promise<void> {
  const before = Object.fromEntries(
    Object.keys(changes).map((name) => [name, row[name as keyof Row]])
  )
  Object.assign(row, changes)
  if (row.$isPersisted && !row.$isDirty) return
  const write = async (trx: TransactionClientContract) => {
    const isNew = !row.$isPersisted
    await row.useTransaction(trx).save()
    await AuditEvent.record(
      {
        action,
        organizationId: null,
        subject: row.auditSubject,
        before: isNew ? null : before,
        after: changes,
      },
      trx
    )
  }
  try {
    await (within ? write(within) : db.transaction(write))
  } catch (error) {
    if (row.$isPersisted) Object.assign(row, before)
    if (!isUniqueViolation(error)) throw error
    throw new NameInUse({ name: row.auditSubject.label }, { cause: error })
  }
}

/** Removes a row for good and records what it was. */
export async function recordedRemoval(
  row: PlatformRow,
  action: AuditAction,
  before: Record<string, unknown>,
  trx: TransactionClientContract
): Promise<void> {
  await row.useTransaction(trx).delete()
  await AuditEvent.record({ action, organizationId: null, subject: row.auditSubject, before }, trx)
}
