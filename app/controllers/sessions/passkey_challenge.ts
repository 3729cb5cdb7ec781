import type { HttpContext } from '@adonisjs/core/http'

const KEY = 'passkey_challenge'
const LIFETIME_MS = 5 * 60_000

type Challenge = { challenge: string; at: number }

export function keepChallenge({ session }: HttpContext, challenge: string): void {
  session.put(KEY, { challenge, at: Date.now() } satisfies Challenge)
}

/** Once: the same answer cannot be sent a second time. An empty one fits no answer. */
export function takeChallenge({ session }: HttpContext): string {
  const kept = session.pull(KEY) as Challenge | undefined
  return kept && kept.at + LIFETIME_MS > Date.now() ? kept.challenge : ''
}
