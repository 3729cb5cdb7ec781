import logger from '@adonisjs/core/services/logger'
import type { OperationState } from '#models/types'
import type { EventStream } from '#services/event_stream'
import { replay, type Announcement, type ProgressEvent, type StoredEvent } from '#services/progress'
import { progressHub } from '#services/progress_hub'
import type { OperationLook } from '#services/stream_guard'

/** After these nothing follows until a person does something. */
const RESTING: readonly OperationState[] = ['succeeded', 'failed', 'cancelled', 'needs_attention']

/** `changed`: the row is not what it was, and nothing more is known. */
export type FeedEvent = ProgressEvent | { kind: 'changed' }
export type Tell = (event: FeedEvent, stored: { id: string; at: number } | null) => void

/**
 * The events of one operation in their order, each once: those kept since `after`, then those that come. It
 * follows before it reads what is kept, and of an event that comes both ways the second is dropped. While Redis
 * is away it tells by the row.
 */
export class OperationFeed {
  private waiting: StoredEvent[] | null = []
  private seen: string | null = null
  private lastState: OperationState | null = null

  constructor(
    private readonly operation: { id: number; uid: string },
    private after: string | null,
    private readonly stream: EventStream,
    private readonly tell: Tell
  ) {}

  /** `state`: what the row said before. */
  async begin(state: OperationState): Promise<void> {
    const unfollow = progressHub.followOperation({
      operationId: this.operation.id,
      onEvent: ({ stored }: Announcement) => this.receive(stored),
      onReturn: () => void this.catchUp(),
    })
    this.stream.signal.addEventListener('abort', unfollow, { once: true })
    await this.catchUp()
    if (isResting(state)) this.rest(state)
  }

  /** What the row says; told only when no announcement can have said it, or when it is the end. */
  look(row: OperationLook): void {
    const now = JSON.stringify([row.state, row.steps, row.error_kind])
    const isNews = this.seen !== null && this.seen !== now
    this.seen = now
    if (isResting(row.state)) {
      // Announced a moment ago, it may be on its way: the next look will do.
      if (!isNews || !progressHub.isLive) this.rest(row.state)
    } else if (isNews && !progressHub.isLive) {
      this.tell({ kind: 'changed' }, null)
    }
  }

  private rest(state: OperationState): void {
    if (this.lastState !== state) this.tell({ kind: 'state', state }, null)
    this.stream.end()
  }

  private receive(stored: StoredEvent): void {
    if (this.waiting) this.waiting.push(stored)
    else this.pass(stored)
  }

  private async catchUp(): Promise<void> {
    this.waiting ??= []
    let kept: StoredEvent[] = []
    try {
      kept = await replay(this.operation.uid, this.after)
    } catch (error) {
      logger.debug({ operation: this.operation.uid, err: error }, 'progress not replayed')
    }
    for (const stored of [...kept, ...this.waiting]) this.pass(stored)
    this.waiting = null
  }

  private pass({ id, at, event }: StoredEvent): void {
    if (this.stream.signal.aborted || (this.after && !isLater(id, this.after))) return
    this.after = id
    this.tell(event, { id, at })
    if (event.kind !== 'state') return
    this.lastState = event.state
    // In what is kept it may rest and go on again: there only the row knows the last word.
    if (isResting(event.state) && !this.waiting) this.stream.end()
  }
}

export function isResting(state: OperationState): boolean {
  return RESTING.includes(state)
}

/** Ids of a Redis stream are `milliseconds-counter`. */
function isLater(id: string, than: string): boolean {
  const [time = 0, counter = 0] = id.split('-').map(Number)
  const [otherTime = 0, otherCounter = 0] = than.split('-').map(Number)
  return time > otherTime || (time === otherTime && counter > otherCounter)
}
