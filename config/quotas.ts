import type { QuotaResource } from '#models/types'

/** What a new organization may have until staff decide otherwise; null: not limited. */
export const defaultQuotas: Record<QuotaResource, number | null> = {
  instances: 10,
  cpus: 20,
  memory_mib: 32 * 1024,
  disk_gib: 400,
  addresses: 20,
  port_forwards: 50,
  snapshots: 30,
  backups: 20,
}

/** Teams a person may own: each comes with the quotas above. */
export const ownedOrganizations = 5
