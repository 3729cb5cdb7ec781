import type { Cursor } from '#models/concerns/keyset'

/** What a list's address asks for: words, and the place in it. */
export function searchOf(typed: Record<string, unknown>): { words: string; cursor: Cursor } {
  const text = (name: string) => (typeof typed[name] === 'string' ? typed[name].trim() : '')
  return {
    words: text('q').slice(0, 200),
    cursor: { after: text('after'), before: text('before') },
  }
}
