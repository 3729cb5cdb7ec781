import { readFileSync } from 'node:fs'
import { median } from './app.js'

/** What a process holds in memory now, in megabytes. */
export function residentMb(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (!kib) throw new Error(`process ${pid} is gone`)
  return Math.round(Number(kib) / 1024)
}

/** How the memory of a process goes while it works. */
export class MemoryCourse {
  private readonly samples: number[] = []

  constructor(private readonly pid: number) {}

  look(): void {
    this.samples.push(residentMb(this.pid))
  }

  get highestMb(): number {
    return Math.max(...this.samples)
  }

  /** From the first tenth to the last, each by its median: what the collector of garbage does between is no growth. */
  get growthMb(): number {
    const tenth = Math.ceil(this.samples.length / 10)
    return Math.round(median(this.samples.slice(-tenth)) - median(this.samples.slice(0, tenth)))
  }
}
