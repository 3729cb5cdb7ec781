import { AccessToken, DbAccessTokensProvider } from '@adonisjs/auth/access_tokens'
import type { AccessTokenDbColumns } from '@adonisjs/auth/types/access_tokens'
import type { LucidModel } from '@adonisjs/lucid/types/model'
import { parsedJson } from '#models/concerns/columns'

type Row = AccessTokenDbColumns & {
  allowed_addresses?: string | null
  requests_per_minute?: number | null
  last_used_from?: string | null
}

/** What binds a token beside its scopes and its end. */
export type TokenBounds = {
  /** Addresses and CIDRs; empty: any. */
  allowedAddresses: string[]
  /** null: only what holds for everybody. */
  requestsPerMinute: number | null
}

export class ApiAccessToken extends AccessToken {
  readonly bounds: TokenBounds
  readonly lastUsedFrom: string | null

  constructor(row: Row) {
    super({
      identifier: row.id,
      tokenableId: row.tokenable_id,
      type: row.type,
      name: row.name,
      hash: row.hash,
      abilities: JSON.parse(row.abilities),
      createdAt: dateOf(row.created_at),
      updatedAt: dateOf(row.updated_at),
      lastUsedAt: row.last_used_at && dateOf(row.last_used_at),
      expiresAt: row.expires_at && dateOf(row.expires_at),
    })
    this.bounds = {
      allowedAddresses: parsedJson<string[]>(row.allowed_addresses ?? '[]'),
      requestsPerMinute: row.requests_per_minute ?? null,
    }
    this.lastUsedFrom = row.last_used_from ?? null
  }
}

/** The library's tokens with the bounds that Portico adds to them, read by the same query. */
export class ApiTokens<Model extends LucidModel> extends DbAccessTokensProvider<Model> {
  protected override dbRowToAccessToken(row: AccessTokenDbColumns): ApiAccessToken {
    return new ApiAccessToken(row)
  }
}

/** SQLite hands out a number. */
function dateOf(value: Date | number): Date {
  return new Date(value)
}
