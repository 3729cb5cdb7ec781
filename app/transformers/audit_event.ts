import type { I18n } from '@adonisjs/i18n'
import type AuditEvent from '#models/audit_event'

export type AuditChange = { field: string; before: string | null; after: string | null }

/** An event as its organization sees it: who of the staff it was, and from where, stays with the staff. */
export function tenantAuditEvent(event: AuditEvent, i18n: I18n) {
  const isStaff = event.asStaff
  return {
    ...shared(event, i18n),
    who: isStaff ? i18n.t('activity.actor_staff') : whoOf(event, i18n),
    note: programOf(event, i18n),
    ipAddress: isStaff ? null : event.ipAddress,
    userAgent: isStaff ? null : event.userAgent,
  }
}

/** … and as the staff does. */
export function staffAuditEvent(event: AuditEvent, i18n: I18n) {
  const { organization } = event
  return {
    ...shared(event, i18n),
    who: whoOf(event, i18n),
    note: event.asStaff ? i18n.t('activity.as_staff') : programOf(event, i18n),
    ipAddress: event.ipAddress,
    userAgent: event.userAgent,
    requestId: event.requestId,
    chain: event.chain,
    previousHash: event.previousHash,
    hash: event.hash,
    organization: organization && { name: organization.name, uid: organization.uid },
  }
}

/** Which kind of program it was, if it was one. */
function programOf({ actorKind }: AuditEvent, i18n: I18n): string | null {
  if (actorKind === 'token') return i18n.t('activity.by_token')
  return actorKind === 'billing_key' ? i18n.t('activity.by_billing_key') : null
}

function whoOf({ actorKind, actorLabel }: AuditEvent, i18n: I18n): string {
  if (actorKind === 'system') return i18n.t('activity.actor_system')
  return actorLabel || i18n.t('activity.actor_anonymous')
}

/** Of an operation its kind is kept, which is a word of ours. */
function labelOf({ subjectKind, subjectLabel }: AuditEvent, i18n: I18n): string | null {
  if (subjectKind !== 'operation' || !subjectLabel) return subjectLabel
  const key = `operations.type.${subjectLabel.replace('.', '_')}`
  return i18n.t(key, {}, subjectLabel)
}

function shared(event: AuditEvent, i18n: I18n) {
  return {
    uid: event.uid,
    position: event.position,
    action: event.action,
    outcome: event.outcome,
    occurredAt: event.occurredAt,
    subject: event.subjectKind
      ? { kind: event.subjectKind, uid: event.subjectUid, label: labelOf(event, i18n) }
      : null,
    changes: changesOf(event),
  }
}

function changesOf({ before, after }: AuditEvent): AuditChange[] {
  const [was, is] = [parsed(before), parsed(after)]
  const fields = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])]
  return fields.map((field) => ({
    field,
    before: was ? written(was[field]) : null,
    after: is ? written(is[field]) : null,
  }))
}

function parsed(text: string | null): Record<string, unknown> | null {
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>)
}

function written(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
