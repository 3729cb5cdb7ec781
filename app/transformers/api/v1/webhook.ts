import type Webhook from '#models/webhook'
import type WebhookDelivery from '#models/webhook_delivery'

export type WebhookState = 'active' | 'failing' | 'disabled'

/** Its secret is nowhere but in the answers that make one. */
export function apiWebhook(webhook: Webhook) {
  const { uid, url, kinds, disabledAt, failingSince } = webhook
  return {
    uid,
    url,
    kinds,
    state: stateOf(webhook),
    failing_since: failingSince?.toISO() ?? null,
    disabled_at: disabledAt?.toISO() ?? null,
    /** Until then it is signed with the secret before, too. */
    old_secret_until: webhook.isTwiceSigned ? webhook.overlapUntil!.toISO() : null,
    created_at: webhook.createdAt.toISO(),
  }
}

/** Needs `notice`. */
export function apiDeliveryRow(delivery: WebhookDelivery) {
  const { uid, notice, state, attempts, dueAt, attemptedAt, createdAt } = delivery
  return {
    uid,
    /** Sent as `webhook-id`. */
    event: notice.uid,
    type: notice.type,
    state,
    attempts,
    status: delivery.status,
    problem: delivery.problem,
    took_ms: delivery.tookMs,
    next_attempt_at: state === 'waiting' && dueAt !== null ? new Date(dueAt).toISOString() : null,
    attempted_at: attemptedAt?.toISO() ?? null,
    created_at: createdAt.toISO(),
  }
}

/** With what is sent. Needs `notice`. */
export function apiDelivery(delivery: WebhookDelivery) {
  return { ...apiDeliveryRow(delivery), body: delivery.notice.body }
}

function stateOf({ disabledAt, failingSince }: Webhook): WebhookState {
  if (disabledAt) return 'disabled'
  return failingSince ? 'failing' : 'active'
}
