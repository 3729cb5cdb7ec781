/*
| The old system's rule: a sixth download, each within 30 s of the one before, closes the door for ten minutes;
| after 20 minutes of silence the counting starts anew.
*/
const QUICK_MS = 30_000
const CLOSED_MS = 600_000
const FORGOTTEN_MS = 1_200_000
const MOST_QUICK = 5

/** Downloads older than this change nothing: as far as one has to look back. */
export const PACE_LOOKS_BACK = 60

/** Until when nothing is handed out; null while the door is open. `times` in ms, oldest first. */
export function closedUntil(times: readonly number[], now: number): number | null {
  let quick = 0
  let until = 0
  let last = -Infinity
  for (const time of times) {
    const gap = time - last
    if (gap <= QUICK_MS) quick += 1
    else if (gap > FORGOTTEN_MS) quick = 0
    if (quick >= MOST_QUICK) {
      until = time + CLOSED_MS
      quick = 0
    }
    last = time
  }
  return until > now ? until : null
}
