import type Snapshot from '#models/snapshot'

export function billedSnapshot({ name, takenAt, expiresAt }: Snapshot) {
  return {
    name,
    status: takenAt ? 'ready' : 'pending',
    created_at: takenAt?.toISO() ?? null,
    expires_at: expiresAt?.toISO() ?? null,
  }
}
