/** Throws that are the same ones for the same seed (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** From 0 to one less than `sides`. */
  below(sides: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }

  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1)
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}
