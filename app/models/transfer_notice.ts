import type { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Notice, { type NoticeData } from '#models/notice'
import type { NoticeType } from '#models/types'

type Sides = { fromOrganizationId: number; toOrganizationId: number }
type Offer = Sides & { uid: string; expiresAt: DateTime }

/** Who gives an instance away and who gets it learn the same; each is led only to what is theirs. */
export async function tellBoth(
  type: Extract<NoticeType, `transfer.${string}`>,
  instance: { name: string; uid: string },
  sides: Sides,
  trx: TransactionClientContract,
  more: { owners?: NoticeData; others?: NoticeData } = {}
): Promise<void> {
  const { fromOrganizationId, toOrganizationId } = sides
  const rows: { id: number; name: string }[] = await trx
    .from('organizations')
    .whereIn('id', [fromOrganizationId, toOrganizationId])
    .select('id', 'name')
  const nameOf = (id: number) => rows.find((row) => Number(row.id) === id)!.name
  const { name, uid } = instance
  const facts = { name, from: nameOf(fromOrganizationId), to: nameOf(toOrganizationId) }
  const [owner, other] =
    type === 'transfer.completed'
      ? [toOrganizationId, fromOrganizationId]
      : [fromOrganizationId, toOrganizationId]
  await Notice.raise(owner, type, { ...facts, instance: uid, ...more.owners }, trx)
  await Notice.raise(other, type, { ...facts, ...more.others }, trx)
}

/** Where it can be accepted is for the receiver alone. */
export function tellOfOffer(
  instance: { name: string; uid: string },
  offer: Offer,
  trx: TransactionClientContract
): Promise<void> {
  const until = offer.expiresAt.toUTC().toISO()
  const more = { owners: { until }, others: { transfer: offer.uid, until } }
  return tellBoth('transfer.offered', instance, offer, trx, more)
}
