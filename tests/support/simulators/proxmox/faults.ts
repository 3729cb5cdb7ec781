import type { IncomingMessage } from 'node:http'

/** What strikes a call. */
export type Fault =
  /** 595: the proxy found nobody; nothing was done. */
  | 'unreachable'
  /** 596: given up, nothing was done. */
  | 'timed_out'
  /** 596: given up, but it was done. */
  | 'done_late'
  /** Done, but the connection broke before the answer. */
  | 'cut'
  /** No answer until `release()`; then it is done. */
  | 'stall'
  /** Refused with these words. */
  | { status: number; message: string; errors?: Record<string, string> }

type Planned = { call: string; fault: Fault; when: (request: Struck) => boolean; times: number }
export type Struck = { call: string; given: Record<string, string>; request: IncomingMessage }

/** Troubles that wait for their call. */
export class Faults {
  private planned: Planned[] = []
  private stalled: (() => void)[] = []

  plan(
    call: string,
    fault: Fault,
    { times = 1, when = () => true }: Partial<Omit<Planned, 'call' | 'fault'>> = {}
  ) {
    this.planned.push({ call, fault, times, when })
  }

  strike(struck: Struck): Fault | null {
    const found = this.planned.find(({ call, when }) => call === struck.call && when(struck))
    if (!found) return null
    found.times -= 1
    if (found.times <= 0) this.planned = this.planned.filter((each) => each !== found)
    return found.fault
  }

  /** Waits with all others that stall. */
  stall(): Promise<void> {
    return new Promise((resolve) => this.stalled.push(resolve))
  }

  release(): void {
    for (const go of this.stalled.splice(0)) go()
  }
}
