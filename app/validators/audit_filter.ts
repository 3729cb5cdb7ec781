import { DateTime } from 'luxon'
import type { AuditFilter } from '#models/audit_log'
import { AUDIT_OUTCOMES } from '#models/types'

const MAX_LENGTH = 254

/** What an address asks for. Whatever is not understood is left out: a list is always shown. */
export function auditFilter(
  typed: Record<string, unknown>,
  zone: string
): AuditFilter & { chain?: string } {
  const text = (name: string) => {
    const value = typed[name]
    return typeof value === 'string' ? value.trim().slice(0, MAX_LENGTH) || undefined : undefined
  }
  const day = (name: string) => {
    const moment = DateTime.fromISO(text(name) ?? '', { zone })
    return moment.isValid ? moment : undefined
  }
  return {
    actor: text('actor')?.toLowerCase(),
    action: text('action'),
    subject: text('subject'),
    chain: text('organization'),
    outcome: AUDIT_OUTCOMES.find((outcome) => outcome === text('outcome')),
    from: day('from'),
    // A day that is named is meant with its last hour.
    until: day('until')?.plus({ days: 1 }),
  }
}
