import type BillingKey from '#models/billing_key'

/** A key as a row; needs `plans` and `clusters`. */
export function billingKeyRow(key: BillingKey) {
  return {
    uid: key.uid,
    name: key.name,
    prefix: key.prefix,
    state: key.revokedAt ? 'revoked' : key.isExpired ? 'expired' : 'live',
    isLive: key.isLive,
    allowedAddresses: key.allowedAddresses,
    allowsFreeSizes: key.allowsFreeSizes,
    plans: key.plans.map(({ name }) => name),
    clusters: key.clusters.map(({ name }) => name),
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    lastUsedFrom: key.lastUsedFrom,
    createdAt: key.createdAt,
  }
}
