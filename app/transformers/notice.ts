import type Membership from '#models/membership'
import type { MemberChoice } from '#models/notice_preference'
import type Webhook from '#models/webhook'
import type WebhookDelivery from '#models/webhook_delivery'
import type { KeysetPage } from '#models/concerns/keyset'
import type { DeliveryState } from '#models/types'
import { ListLinks } from '#transformers/list_links'

/** A member with what they get by mail; whether whoever looks may change it. */
export function preferenceRow({ member, kinds }: MemberChoice, acting: Membership, home: string) {
  return {
    uid: member.uid,
    name: member.user.displayName,
    email: member.user.email,
    role: member.role,
    kinds,
    isOwn: member.id === acting.id,
    path: `${home}/notifications/${member.uid}`,
  }
}

export function webhookRow(webhook: Webhook, home: string) {
  const { uid, url, kinds, disabledAt, failingSince, isTwiceSigned, createdAt } = webhook
  return {
    uid,
    url,
    kinds,
    is: disabledAt ? 'disabled' : failingSince ? 'failed' : 'active',
    disabledAt,
    failingSince,
    createdAt,
    isTwiceSigned,
    path: `${home}/webhooks/${uid}`,
  }
}

const FILTERS: (DeliveryState | null)[] = [null, 'waiting', 'delivered', 'failed']

/** The log of an endpoint; null: whatever became of it. */
export function deliveryLog(
  page: KeysetPage<WebhookDelivery>,
  webhook: Webhook,
  state: DeliveryState | null,
  home: string
) {
  const path = `${home}/webhooks/${webhook.uid}`
  const addressOf = (of: DeliveryState | null) => (of === null ? path : `${path}?state=${of}`)
  return {
    rows: page.rows.map((delivery) => deliveryRow(delivery, webhook, home)),
    page: new ListLinks(path, { state: state ?? '' }).around(page),
    filters: FILTERS.map((of) => ({ state: of, href: addressOf(of), isActive: of === state })),
    isFiltered: state !== null,
    repeatFailed: state === 'failed' && !webhook.disabledAt ? `${path}/redeliveries` : null,
  }
}

function deliveryRow(delivery: WebhookDelivery, webhook: Webhook, home: string) {
  const { uid, state, attempts, dueAt, status, problem, tookMs, attemptedAt, notice } = delivery
  const path = `${home}/webhooks/${webhook.uid}/deliveries/${uid}`
  const isRepeatable = state !== 'waiting' && !webhook.disabledAt
  return {
    uid,
    is: state === 'delivered' ? 'succeeded' : state,
    event: notice.uid,
    type: notice.type,
    attempts,
    dueAt: state === 'waiting' && attempts > 0 && dueAt !== null ? new Date(dueAt) : null,
    status,
    problem,
    tookMs,
    at: attemptedAt ?? delivery.createdAt,
    path,
    repeat: isRepeatable ? `${path}/redeliveries` : null,
  }
}

/** Of one delivery, with what was sent. */
export function deliveryPage(delivery: WebhookDelivery, webhook: Webhook, home: string) {
  const { notice, attemptedAt } = delivery
  return {
    ...deliveryRow(delivery, webhook, home),
    happenedAt: notice.createdAt,
    attemptedAt,
    body: JSON.stringify(JSON.parse(notice.body), null, 2),
  }
}
