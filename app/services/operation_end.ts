import { progressHub } from '#services/progress_hub'
import { isResting } from '#services/operation_feed'
import type { OperationState } from '#models/types'

/** How often the row is read although nothing was announced: announcements may be lost. */
const LOOK_MS = 1_000

/**
 * Waits until an operation needs nobody any more, at most `maxMs`.
 * @param look reads the state that its row tells
 * @returns the last state that was seen; a resting one, or the time is over
 */
export async function operationEnd(
  operationId: number,
  look: () => Promise<OperationState>,
  maxMs: number
): Promise<OperationState> {
  const until = Date.now() + maxMs
  let wake = () => {}
  const unfollow = progressHub.followOperation({
    operationId,
    onEvent: ({ stored: { event } }) => {
      if (event.kind === 'state' && isResting(event.state)) wake()
    },
    onReturn: () => wake(),
  })
  try {
    for (;;) {
      const state = await look()
      const left = until - Date.now()
      if (isResting(state) || left <= 0) return state
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(LOOK_MS, left))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    unfollow()
  }
}
