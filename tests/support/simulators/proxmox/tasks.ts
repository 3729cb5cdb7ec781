import { Refusal } from './refusal.js'

export type Task = {
  upid: string
  node: string
  type: string
  id: string
  user: string
  pid: number
  pstart: number
  starttime: number
  endtime: number | null
  /** null while it runs. */
  exitstatus: string | null
  log: string[]
  /** It was done, but nobody can ask for it any more. */
  isLost: boolean
  isStalled: boolean
  timer: NodeJS.Timeout | null
  end(exitstatus: string): void
}

export type Work = {
  type: string
  node: string
  id: string
  user: string
  /** null: until somebody ends it. */
  takesMs: number | null
  /** What stands in its log before it ends. */
  log?: readonly string[]
  /** What it writes on the way to a good end. */
  logOfSuccess?: readonly string[]
  /** The text it ends with instead of being done. */
  fails?(): string | null
  done?(): void
  undone?(): void
  /** Both ways: locks are let go here. */
  after?(): void
  /** How it ends when somebody stops it. */
  interrupted?: string
}

type Plan = 'lose' | 'stall' | { fail: string }

const UPID = /^UPID:[^:\s]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\s]+:[^:\s]*:[^:\s]+:$/

/** Workers of a cluster: each takes its time, writes a log and ends with a text. */
export class Tasks {
  private readonly all = new Map<string, Task>()
  private readonly plans: { type: string; plan: Plan }[] = []
  private lastPid = 0x2_00
  private readonly bootedAt = Date.now() - 3_600_000

  /** The next task of this type is taken, and goes like this. */
  plan(type: string, plan: Plan): void {
    this.plans.push({ type, plan })
  }

  run(work: Work): string {
    const now = Date.now()
    this.lastPid += 3
    const pid = this.lastPid
    const pstart = Math.floor((now - this.bootedAt) / 10)
    const starttime = Math.floor(now / 1_000)
    const stamp = [pid, pstart, starttime].map(hex).join(':')
    const at = this.plans.findIndex(({ type }) => type === work.type)
    const plan = at < 0 ? null : this.plans.splice(at, 1)[0]!.plan
    const { type, node, id, user } = work
    const task: Task = {
      upid: `UPID:${node}:${stamp}:${type}:${id}:${user}:`,
      ...{ node, type, id, user, pid, pstart, starttime },
      endtime: null,
      exitstatus: null,
      log: [...(work.log ?? [])],
      isLost: false,
      isStalled: plan === 'stall',
      timer: null,
      end(exitstatus) {
        if (task.exitstatus !== null) return
        clearTimeout(task.timer!)
        if (isGood(exitstatus)) {
          work.done?.()
          task.log.push(...(work.logOfSuccess ?? []))
        } else work.undone?.()
        work.after?.()
        task.exitstatus = exitstatus
        // What still runs is known to its node; it is the end that may get lost.
        task.isLost = plan === 'lose'
        task.endtime = Math.floor(Date.now() / 1_000)
        task.log.push(exitstatus === 'OK' ? 'TASK OK' : `TASK ${lastLine(exitstatus)}`)
      },
    }
    const outcome = () => {
      if (typeof plan !== 'object' || !plan) return task.end(outcomeOf(work))
      task.log.length = 0
      task.end(plan.fail)
    }
    if (plan !== 'stall' && work.takesMs !== null) task.timer = setTimeout(outcome, work.takesMs)
    this.interruptions.set(task, work.interrupted ?? 'received interrupt')
    this.all.set(task.upid, task)
    return task.upid
  }

  find(node: string, upid: string): Task {
    if (!UPID.test(upid)) throw Refusal.invalid({ upid: 'unable to parse worker upid' })
    const task = this.all.get(upid)
    if (!task || task.isLost || task.node !== node) throw Refusal.invalid({ upid: 'no such task' })
    return task
  }

  /** Newest first, as the lists show them. */
  list(wanted: (task: Task) => boolean = () => true): Task[] {
    return [...this.all.values()].filter((task) => !task.isLost && wanted(task)).reverse()
  }

  note(node: string, upid: string, line: string): void {
    this.find(node, upid).log.push(line)
  }

  finish(node: string, upid: string, exitstatus: string): void {
    this.find(node, upid).end(exitstatus)
  }

  stop(task: Task): void {
    task.end(this.interruptions.get(task)!)
  }

  /** As when the machine goes down under them: nothing is tidied up, and their logs break off. */
  breakOff(node: string): void {
    for (const task of this.all.values()) {
      if (task.node !== node || task.exitstatus !== null) continue
      clearTimeout(task.timer!)
      task.exitstatus = 'unexpected status'
      task.endtime = Math.floor(Date.now() / 1_000)
    }
  }

  /** Stalled ones go on. */
  release(): void {
    for (const task of this.all.values()) {
      if (task.isStalled) task.end('OK')
    }
  }

  /** Rotated away: they are over, but nobody can ask for them. */
  forget(): void {
    for (const task of this.all.values()) if (task.exitstatus !== null) task.isLost = true
  }

  close(): void {
    for (const { timer } of this.all.values()) if (timer) clearTimeout(timer)
  }

  private readonly interruptions = new WeakMap<Task, string>()
}

/** What it works on may be gone by then. */
function outcomeOf(work: Work): string {
  try {
    return work.fails?.() ?? 'OK'
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

/** `OK`, and `WARNINGS: 2`. */
export function isGood(exitstatus: string): boolean {
  return exitstatus === 'OK' || exitstatus.startsWith('WARNINGS')
}

function lastLine(exitstatus: string): string {
  return exitstatus.startsWith('WARNINGS') ? exitstatus : `ERROR: ${exitstatus}`
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0')
}
