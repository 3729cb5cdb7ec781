import type { EntitlementFacts } from '#models/license'

/** `support` or `gpu=4`, one a line or with commas between; what reads otherwise is left out. */
export function entitlementsIn(text: string | null | undefined): EntitlementFacts[] {
  const found = new Map<string, number | null>()
  for (const item of (text ?? '').split(/[\n,]/)) {
    const [, name, maximum] =
      /^\s*([a-z0-9][a-z0-9._-]{0,39})(?:\s*=\s*(\d{1,9}))?\s*$/i.exec(item) ?? []
    if (name) found.set(name, maximum === undefined ? null : Number(maximum))
  }
  return [...found].map(([name, maximum]) => ({ name, maximum }))
}
