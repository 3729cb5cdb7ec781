import ApiToken from '#models/api_token'
import type { ApiAccessToken } from '#models/concerns/api_tokens'
import { SCOPES } from '#models/types'

/** A token as a row of its owner's page. */
export function apiTokenRow(token: ApiAccessToken) {
  return {
    handle: ApiToken.handleOf(token),
    name: token.name,
    scopes: SCOPES.filter((scope) => token.allows(scope)),
    allowedAddresses: token.bounds.allowedAddresses,
    requestsPerMinute: token.bounds.requestsPerMinute,
    createdAt: token.createdAt,
    lastUsedAt: token.lastUsedAt,
    lastUsedFrom: token.lastUsedFrom,
    expiresAt: token.expiresAt,
    isExpired: token.isExpired(),
  }
}
