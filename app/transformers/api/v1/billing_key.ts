import type BillingKey from '#models/billing_key'
import { billingKeyRow } from '#transformers/billing_key'

/** Needs `plans` and `clusters`. */
export function apiBillingKey(key: BillingKey) {
  const row = billingKeyRow(key)
  return {
    uid: row.uid,
    name: row.name,
    prefix: row.prefix,
    state: row.state,
    allowed_addresses: row.allowedAddresses,
    allows_free_sizes: row.allowsFreeSizes,
    plans: row.plans,
    clusters: row.clusters,
    created_at: key.createdAt.toISO(),
    last_used_at: key.lastUsedAt?.toISO() ?? null,
    last_used_from: row.lastUsedFrom,
    expires_at: key.expiresAt?.toISO() ?? null,
  }
}
