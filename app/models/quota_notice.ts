import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Notice from '#models/notice'
import type { NoticeType, QuotaResource } from '#models/types'

/** From this share on an organization is told. */
const NEAR = 0.8

type Counter = {
  organization_id: number
  resource: QuotaResource
  used: number
  maximum: number | null
}

/**
 * Called by whatever has just taken so much of it: whoever passes a mark has its organization told, once a day,
 * however often things come and go around the mark.
 */
export async function tellOfQuota(
  { organization_id: organizationId, resource, used, maximum }: Counter,
  taken: number,
  trx: TransactionClientContract
): Promise<void> {
  if (maximum === null) return
  const passes = (mark: number) => used >= mark && used - taken < mark
  const type: NoticeType | null = passes(maximum)
    ? 'quota.exhausted'
    : passes(NEAR * maximum)
      ? 'quota.near'
      : null
  if (type === null) return
  const onlyOn = `${type}:${organizationId}:${resource}:${DateTime.utc().toISODate()}`
  await Notice.raise(organizationId, type, { resource, used, maximum }, trx, { onlyOn })
}
