import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import WebhookDelivery from '#models/webhook_delivery'
import { shuttingDown } from '#services/shutdown'

/** So many endpoints are called at the same time. */
const LANES = 10
/** After this nothing new is begun: the next round goes on. */
const ROUND_MS = 20_000
/** So many an endpoint gets in one round. */
const MOST_OF_ONE = 50

let isRunning = false

/**
 * Sends what is due, endpoint by endpoint in the order of what happened. One that does not take what it is sent has
 * the rest left for the next round, and comes after those that answer: a dead one holds nobody else up. A process
 * has one round at a time.
 */
export const WebhookRound = {
  /** @returns how many arrived */
  async run(stop: AbortSignal = shuttingDown): Promise<number> {
    if (isRunning) return 0
    isRunning = true
    try {
      return await round(AbortSignal.any([stop, AbortSignal.timeout(ROUND_MS)]))
    } finally {
      isRunning = false
    }
  },
}

async function round(over: AbortSignal): Promise<number> {
  const endpoints = await endpointsDue()
  const lanes = Array.from({ length: LANES }, async () => {
    let arrived = 0
    for (let next = endpoints.shift(); next !== undefined; next = endpoints.shift()) {
      if (over.aborted) break
      arrived += await serve(next, over)
    }
    return arrived
  })
  const counts = await Promise.all(lanes)
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Those that answered last come first. */
async function endpointsDue(): Promise<number[]> {
  const rows: { id: number }[] = await db
    .from('webhooks')
    .join('webhook_deliveries', 'webhook_deliveries.webhook_id', 'webhooks.id')
    .where('webhook_deliveries.state', 'waiting')
    .where('webhook_deliveries.due_at', '<=', Date.now())
    .groupBy('webhooks.id', 'webhooks.failing_since')
    .orderByRaw('case when webhooks.failing_since is null then 0 else 1 end')
    .orderByRaw('min(webhook_deliveries.due_at)')
    .select('webhooks.id')
  return rows.map(({ id }) => Number(id))
}

async function serve(webhookId: number, over: AbortSignal): Promise<number> {
  const due = await WebhookDelivery.query()
    .where({ webhookId, state: 'waiting' })
    .where('due_at', '<=', Date.now())
    .orderBy('notice_id')
    .limit(MOST_OF_ONE)
  let arrived = 0
  for (const delivery of due) {
    if (over.aborted) return arrived
    try {
      const sent = await delivery.send()
      if (sent === 'not taken') return arrived
      if (sent === 'taken') arrived += 1
    } catch (error) {
      logger.error({ delivery: delivery.uid, err: error }, 'a webhook could not be sent')
      return arrived
    }
  }
  return arrived
}
