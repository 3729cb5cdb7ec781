import type Quota from '#models/quota'
import { QUOTA_RESOURCES, type QuotaResource } from '#models/types'

export type QuotaRow = { resource: QuotaResource; used: number; maximum: number | null }

/** In the order in which people think of them. */
export function quotaList(quotas: Quota[]): QuotaRow[] {
  return QUOTA_RESOURCES.flatMap((resource) => {
    const quota = quotas.find((row) => row.resource === resource)
    return quota ? [{ resource, used: quota.used, maximum: quota.maximum }] : []
  })
}
