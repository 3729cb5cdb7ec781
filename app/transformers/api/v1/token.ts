import type { ApiAccessToken } from '#models/concerns/api_tokens'
import { apiTokenRow } from '#transformers/api_token'

export function apiToken(token: ApiAccessToken) {
  const row = apiTokenRow(token)
  const moment = (date: Date | null) => date?.toISOString() ?? null
  return {
    uid: row.handle,
    name: row.name,
    scopes: row.scopes,
    allowed_addresses: row.allowedAddresses,
    requests_per_minute: row.requestsPerMinute,
    created_at: token.createdAt.toISOString(),
    last_used_at: moment(row.lastUsedAt),
    last_used_from: row.lastUsedFrom,
    expires_at: moment(row.expiresAt),
  }
}
