import type Suspension from '#models/suspension'

/** As its owner is told: what staff noted stays with the staff. */
export function apiSuspension({ reason, createdAt }: Suspension) {
  return { reason, imposed_at: createdAt.toISO() }
}
