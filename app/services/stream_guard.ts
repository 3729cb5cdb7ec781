import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { OperationState, StepRecord } from '#models/types'
import type { EventStream } from '#services/event_stream'
import type { Standing } from '#models/standing'
import UserSession from '#models/user_session'
import Visit from '#models/visit'

/** Rights are looked at again, and rows are read, this often. */
const LOOK_MS = 2_000

export type StreamRight =
  | {
      sessionId: number
      /** The organization whose membership opens it; null: staff. */
      organizationId: number | null
      visitId?: never
    }
  | { visitId: number }

export type OperationLook = {
  id: number
  state: OperationState
  steps: string | StepRecord[]
  error_kind: string | null
}

type Guarded = {
  stream: EventStream
  right: StreamRight
  operationId: number | null
  onLook(row: OperationLook): void
}

/**
 * Looks after all streams of this process together, with a few statements each two seconds however many they
 * are: a stream ends when its session, membership, staff role or visit does, and learns what its operation's row says,
 * which is all there is to learn while Redis is away.
 */
class StreamGuard {
  private readonly guarded = new Set<Guarded>()
  private timer: NodeJS.Timeout | null = null

  watch(
    stream: EventStream,
    right: StreamRight,
    operation: { id: number; onLook(row: OperationLook): void } | null
  ): void {
    const entry: Guarded = {
      stream,
      right,
      operationId: operation?.id ?? null,
      onLook: operation?.onLook ?? (() => {}),
    }
    this.guarded.add(entry)
    stream.signal.addEventListener('abort', () => this.drop(entry), { once: true })
    this.timer ??= setInterval(() => void this.look(), LOOK_MS)
  }

  private drop(entry: Guarded): void {
    this.guarded.delete(entry)
    if (this.guarded.size > 0 || !this.timer) return
    clearInterval(this.timer)
    this.timer = null
  }

  private async look(): Promise<void> {
    try {
      await this.checkRights()
      await this.readOperations()
    } catch (error) {
      // A database that is away for a moment: nobody can sign out meanwhile either.
      logger.warn({ err: error }, 'open streams could not be looked after')
    }
  }

  private async checkRights(): Promise<void> {
    const entries = [...this.guarded]
    const rights = entries.map(({ right }) => right)
    const standings = await UserSession.standings([
      ...new Set(rights.flatMap((right) => ('sessionId' in right ? [right.sessionId] : []))),
    ])
    const visits = await Visit.living([...new Set(rights.flatMap(({ visitId }) => visitId ?? []))])
    for (const { stream, right } of entries) {
      if (!holds(right, standings, visits)) stream.end()
    }
  }

  private async readOperations(): Promise<void> {
    const entries = [...this.guarded].filter(({ operationId }) => operationId !== null)
    if (entries.length === 0) return
    const rows: OperationLook[] = await db
      .from('operations')
      .whereIn('id', [...new Set(entries.map(({ operationId }) => operationId!))])
      .select('id', 'state', 'steps', 'error_kind')
    const byId = new Map(rows.map((row) => [Number(row.id), row]))
    for (const { operationId, onLook } of entries) {
      const row = byId.get(operationId!)
      if (row) onLook(row)
    }
  }
}

function holds(right: StreamRight, standings: Map<number, Standing>, visits: Set<number>): boolean {
  if (right.visitId !== undefined) return visits.has(right.visitId)
  const standing = standings.get(right.sessionId)
  return right.organizationId === null
    ? Boolean(standing?.staffRole)
    : Boolean(standing?.roles.has(right.organizationId))
}

export const streamGuard = new StreamGuard()
