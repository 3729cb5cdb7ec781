import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import db from '@adonisjs/lucid/services/db'
import { redisOptions } from '#config/redis'
import type Operation from '#models/operation'
import { CHANNEL, type Announcement } from '#services/progress'

const LONGEST_MS = 120_000

/** Hears of the end of an operation when the pages do. */
export async function listenForEnds() {
  const redis = new Redis(redisOptions)
  const states = new Map<number, string>()
  const waiting = new Map<number, () => void>()
  redis.on('message', (_, message) => {
    const { operationId, stored } = JSON.parse(message) as Announcement
    if (stored?.event.kind !== 'state') return
    states.set(operationId, stored.event.state)
    waiting.get(operationId)?.()
  })
  await redis.subscribe(CHANNEL)
  const isOver = (id: number) =>
    ['succeeded', 'failed', 'needs_attention'].includes(states.get(id)!)
  return {
    async of(operation: Operation, wanted: 'succeeded' | 'final' = 'succeeded'): Promise<void> {
      const end = new Promise<void>((resolve) => {
        waiting.set(operation.id, () => isOver(operation.id) && resolve())
        if (isOver(operation.id)) resolve()
      })
      const late = sleep(LONGEST_MS, 'late', { ref: false })
      if ((await Promise.race([end, late])) === 'late') throw new Error(`${operation.uid} hangs`)
      if (wanted === 'succeeded' && states.get(operation.id) !== 'succeeded') {
        const row = await db.from('operations').where('id', operation.id).first()
        throw new Error(`${operation.type} ended as ${row.state}: ${row.failed_step}, ${row.error}`)
      }
    },
    close: () => redis.disconnect(),
  }
}
