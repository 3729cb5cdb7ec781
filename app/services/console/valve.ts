/** Holds a source back for as long as somebody has a reason to. */
export class Valve<Reason extends string> {
  private readonly reasons = new Set<Reason>()
  private readonly timers = new Map<Reason, NodeJS.Timeout>()

  constructor(
    private readonly close: () => void,
    private readonly open: () => void
  ) {}

  hold(reason: Reason): void {
    if (this.reasons.size === 0) this.close()
    this.reasons.add(reason)
  }

  /** Asked again meanwhile, the time begins anew. */
  holdFor(reason: Reason, ms: number): void {
    this.hold(reason)
    clearTimeout(this.timers.get(reason))
    this.timers.set(
      reason,
      setTimeout(() => this.release(reason), ms)
    )
  }

  release(reason: Reason): void {
    if (this.reasons.delete(reason) && this.reasons.size === 0) this.open()
  }
}
