import redis from '@adonisjs/redis/services/main'
import logger from '@adonisjs/core/services/logger'
import type { OperationState, PowerStateSeen } from '#models/types'

export type ProgressEvent =
  | { kind: 'step'; step: string; state: 'running' | 'done' | 'failed' | 'undoing' | 'undone' }
  | { kind: 'progress'; step: string; percent: number | null; message: string | null }
  | { kind: 'retry'; step: string; reason: string; atMs: number }
  | { kind: 'cancel_requested' }
  | { kind: 'state'; state: OperationState }

export type StoredEvent = { id: string; at: number; event: ProgressEvent }

/** Who it is about, without the model. */
export type OperationKey = {
  id: number
  uid: string
  organizationId: number
  instanceId: number | null
}

export type Announcement = {
  operationId: number
  operationUid: string
  organizationId: number
  instanceId: number | null
  stored: StoredEvent
}

export const CHANNEL = 'portico:operations'
export const INSTANCES_CHANNEL = 'portico:instances'
/** What a sync saw of an instance, when it is not what was known before. */
export type InstanceAnnouncement = {
  organizationId: number
  instanceUid: string
  powerState: PowerStateSeen
  isMissing: boolean
}

const KEEP_EVENTS = 200
const KEEP_SECONDS = 24 * 3600

/** By uid: a row's number comes again when a database is made anew beside the same Redis. */
const streamKey = (uid: string) => `portico:operation:${uid}:progress`

/**
 * Writes an event to the operation's stream and tells every process. Without Redis nothing is lost but
 * the liveliness of a page: the row says the same at the next look.
 */
export async function publish(operation: OperationKey, event: ProgressEvent): Promise<void> {
  try {
    const key = streamKey(operation.uid)
    const body = JSON.stringify({ at: Date.now(), event })
    const id = await redis.xadd(key, 'MAXLEN', '~', KEEP_EVENTS, '*', 'e', body)
    const announcement: Announcement = {
      operationId: operation.id,
      operationUid: operation.uid,
      organizationId: operation.organizationId,
      instanceId: operation.instanceId,
      stored: { id: id ?? '', ...JSON.parse(body) },
    }
    await redis
      .pipeline()
      .expire(key, KEEP_SECONDS)
      .publish(CHANNEL, JSON.stringify(announcement))
      .exec()
  } catch (error) {
    logger.debug({ operationId: operation.id, err: error }, 'progress not published')
  }
}

/** Tells every process, so that open pages show the new state. Without Redis they show it at the next look. */
export async function announceInstances(changes: InstanceAnnouncement[]): Promise<void> {
  if (changes.length === 0) return
  try {
    const pipeline = redis.pipeline()
    for (const change of changes) pipeline.publish(INSTANCES_CHANNEL, JSON.stringify(change))
    await pipeline.exec()
  } catch (error) {
    logger.debug({ instances: changes.length, err: error }, 'instances not announced')
  }
}

/** Events after `lastId` (exclusive), oldest first; all that are kept without one. */
export async function replay(uid: string, lastId: string | null): Promise<StoredEvent[]> {
  const from = lastId && /^\d+-\d+$/.test(lastId) ? `(${lastId}` : '-'
  const entries = await redis.xrange(streamKey(uid), from, '+')
  return entries.map(([id, fields]) => ({ id, ...JSON.parse(fields[1]!) }))
}

/** What is kept, for a page that also has the row: without Redis there is nothing to tell. */
export async function recentEvents(uid: string): Promise<StoredEvent[]> {
  try {
    return await replay(uid, null)
  } catch (error) {
    logger.debug({ operation: uid, err: error }, 'progress not read')
    return []
  }
}
