import type { InstanceUsage } from '#drivers/contract'
import type { Counters } from '#models/types'

/** What was used since an earlier reading. */
export type Spent = {
  seconds: number
  cpuMs: number
  receivedBytes: number
  sentBytes: number
}

/** An instance that nobody has read before is new, and all its counters say is ours, when it runs no longer. */
const NEW_MS = 600_000

export function countersOf({ startedAt, cpuMs, cards }: InstanceUsage, readAtMs: number): Counters {
  return {
    readAtMs,
    startedAt,
    cpuMs,
    cards: Object.fromEntries(
      cards.map(({ card, receivedBytes, sentBytes }) => [card, [receivedBytes, sentBytes]])
    ),
  }
}

/**
 * Counters begin again with the guest, and those of a card with the card: a counter that stands lower than
 * before, or a guest that was started since, has counted from nothing. Each card is looked at by itself, for
 * one that was taken away would make the sum look as if all had begun again.
 * @returns null when there is nothing to compare with
 */
export function spent(before: Counters | null, now: Counters): Spent | null {
  const known = before ?? asNew(now)
  if (!known || now.readAtMs <= known.readAtMs) return null
  const isRestarted = now.startedAt !== known.startedAt
  const startedAtMs = now.startedAt === null ? 0 : Date.parse(now.startedAt)
  const from = isRestarted ? Math.max(known.readAtMs, startedAtMs) : known.readAtMs
  const grown = (count: number, earlier: number) =>
    isRestarted || count < earlier ? count : count - earlier
  let [receivedBytes, sentBytes] = [0, 0]
  for (const [card, [received, sent]] of Object.entries(now.cards)) {
    const [receivedBefore, sentBefore] = known.cards[card] ?? [0, 0]
    receivedBytes += grown(received, receivedBefore)
    sentBytes += grown(sent, sentBefore)
  }
  return {
    seconds: Math.max(1, Math.round((now.readAtMs - Math.min(from, now.readAtMs)) / 1_000)),
    cpuMs: grown(now.cpuMs, known.cpuMs),
    receivedBytes,
    sentBytes,
  }
}

function asNew({ startedAt, readAtMs }: Counters): Counters | null {
  const startedAtMs = startedAt === null ? Number.NaN : Date.parse(startedAt)
  if (!(readAtMs - startedAtMs < NEW_MS)) return null
  return { readAtMs: Math.min(startedAtMs, readAtMs - 1), startedAt, cpuMs: 0, cards: {} }
}
