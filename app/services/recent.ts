/**
 * An answer that costs more the larger Portico gets and that somebody else judges again before it counts: kept
 * for a moment, so that many who ask at once, or one after the other, pay for it once. A failure is not kept.
 */
export class Recent<Value> {
  readonly #kept = new Map<string, { until: number; value: Promise<Value> }>()

  /** With `goodForMs` 0 every question is asked anew. */
  constructor(private readonly goodForMs: number) {}

  of(key: string, ask: () => Promise<Value>): Promise<Value> {
    if (this.goodForMs === 0) return ask()
    const now = performance.now()
    const known = this.#kept.get(key)
    if (known && known.until > now) return known.value
    for (const [old, { until }] of this.#kept) if (until <= now) this.#kept.delete(old)
    const value = ask()
    this.#kept.set(key, { until: now + this.goodForMs, value })
    value.catch(() => {
      if (this.#kept.get(key)?.value === value) this.#kept.delete(key)
    })
    return value
  }
}
