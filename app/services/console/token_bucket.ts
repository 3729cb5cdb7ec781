/** So much a second, and at once what was saved up. Who takes more than there is has to wait for it. */
export class TokenBucket {
  private level: number
  private at = performance.now()

  constructor(
    private readonly perSecond: number,
    private readonly burst: number
  ) {
    this.level = burst
  }

  /** @returns milliseconds until the debt is paid; 0 when there is none */
  take(amount: number): number {
    const now = performance.now()
    this.level = Math.min(this.burst, this.level + ((now - this.at) / 1_000) * this.perSecond)
    this.at = now
    this.level -= amount
    return this.level >= 0 ? 0 : (-this.level / this.perSecond) * 1_000
  }
}
