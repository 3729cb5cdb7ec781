import db from '@adonisjs/lucid/services/db'

/** What was recorded of an organization (or, with null, of the platform), oldest first. */
export async function auditActions(organizationId: number | null): Promise<string[]> {
  const events = await auditEvents(organizationId)
  return events.map(({ action }) => action)
}

export function auditEvents(organizationId: number | null) {
  const query = db.from('audit_events').orderBy('id')
  return organizationId === null
    ? query.whereNull('organization_id')
    : query.where('organization_id', organizationId)
}
