import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { OperationState, StepRecord } from '#models/types'
import type { EventStream } from '#services/event_stream'
import UserSession from '#models/user_session'

/** Rights are looked at again, and rows are read, this often. */
const LOOK_MS = 2_000

export type StreamRight = {
  sessionId: number
  /** The organization whose membership opens it; null: staff. */
  organizationId: number | null
}

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
 * Looks after all streams of this process together, with two statements each two seconds however many they
 * are: a stream ends when its session, membership or staff role does, and learns what its operation's row says,
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
    const standings = await UserSession.standings([
      ...new Set(entries.map(({ right }) => right.sessionId)),
    ])
    for (const { stream, right } of entries) {
      const standing = standings.get(right.sessionId)
      const holds =
        right.organizationId === null
          ? standing?.staffRole
          : standing?.roles.has(right.organizationId)
      if (!holds) stream.end()
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

export const streamGuard = new StreamGuard()
