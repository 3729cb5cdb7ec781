import type { I18n } from '@adonisjs/i18n'
import type AuditEvent from '#models/audit_event'
import { tenantAuditEvent } from '#transformers/audit_event'

/** What members read of it on its page. */
export function apiAuditEvent(event: AuditEvent, i18n: I18n) {
  const told = tenantAuditEvent(event, i18n)
  return {
    uid: told.uid,
    position: told.position,
    action: told.action,
    outcome: told.outcome,
    who: told.who,
    by_program: told.note,
    subject: told.subject,
    changes: told.changes,
    ip_address: told.ipAddress,
    user_agent: told.userAgent,
    occurred_at: told.occurredAt,
  }
}
