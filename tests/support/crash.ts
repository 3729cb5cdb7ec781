import { setTimeout as sleep } from 'node:timers/promises'
import { Tenant } from '#models/concerns/tenant'
import type { Errand } from '#tests/support/errands'
import { Process, type Variables } from '#tests/support/processes'

/**
 * What becomes of a crashing worker: at a place, at the so-many-th place it comes by, or when it stands at all of
 * several. `fail`: the step there fails, and for good.
 */
export type Doom =
  | { deed: 'die'; at: string }
  | { deed: 'die after'; places: number }
  | { deed: 'die together'; at: string[] }
  | { deed: 'stop'; at: string }
  | { deed: 'fail'; at: string }

/** What is ordered, where the worker dies with it, and the step that fails before, if it is to be taken back. */
export type Death<Ordered> = { at: string; failsAt?: string; order: () => Promise<Ordered> }

const COMMAND = [
  process.execPath,
  '--import=@poppinss/ts-exec',
  '--enable-source-maps',
  'tests/support/crashing_worker.ts',
]

const LONGEST_LIFE_MS = 120_000

/** Room for all that die together: one that is held in its transaction holds a connection as well. */
const ROOM = { WORKER_CONCURRENCY: '60', DB_POOL_MAX: '50' }

/** A worker that can be told where to die. Booting takes a while, so that the next one stands by before. */
export class CrashingWorker {
  private constructor(private readonly process: Process) {}

  /** All booted; it takes no job yet. */
  static async standBy(variables: Variables): Promise<CrashingWorker> {
    const worker = Process.start('worker', COMMAND, variables)
    await worker.message('booted')
    return new CrashingWorker(worker)
  }

  static async start(variables: Variables, ...dooms: Doom[]): Promise<CrashingWorker> {
    const worker = await CrashingWorker.standBy(variables)
    await worker.go(...dooms)
    return worker
  }

  async go(...dooms: Doom[]): Promise<void> {
    this.process.send('go')
    await this.process.says('is running')
    for (const doom of dooms) await this.doom(doom)
  }

  async doom(doom: Doom): Promise<void> {
    const understood = this.process.message('understood')
    this.process.send(doom)
    await understood
  }

  /** It begins at once; nothing is heard of it. */
  run(errand: Errand): void {
    this.process.send(errand)
  }

  /** Resolves when it has stopped at the place; it stays there until it is told to go on. */
  async stopAt(at: string): Promise<{ reached: Promise<void>; goOn: () => void }> {
    await this.doom({ deed: 'stop', at })
    return { reached: this.process.message(at), goOn: () => this.process.send('go on') }
  }

  /** @throws Error with all it said, when it ends otherwise */
  async dies(where: string): Promise<void> {
    const late = sleep(LONGEST_LIFE_MS, { signal: null }, { ref: false })
    const { signal } = await Promise.race([this.process.ended, late])
    if (signal !== 'SIGKILL') throw new Error(`nobody died at ${where}:\n${this.process.output}`)
  }

  get hasEnded(): boolean {
    return this.process.hasEnded
  }

  get ended(): Promise<unknown> {
    return this.process.ended
  }

  get output(): string {
    return this.process.output
  }

  stop(withinMs?: number) {
    return this.process.stop(withinMs)
  }

  die() {
    return this.process.die()
  }
}

/** One worker at a time: who dies is followed by an heir that finds what was left. */
export class Succession {
  private constructor(
    private readonly variables: Variables,
    public worker: CrashingWorker
  ) {}

  static async begin(variables: Variables): Promise<Succession> {
    const roomy = { ...variables, ...ROOM }
    return new Succession(roomy, await CrashingWorker.start(roomy))
  }

  /** Many at once: each is held at its place, and when all have come there, the worker dies. */
  async dieTogether<Ordered>(deaths: Death<Ordered>[]): Promise<Ordered[]> {
    const standing = CrashingWorker.standBy(this.variables)
    const places = deaths.map(({ at }) => at)
    await this.worker.doom({ deed: 'die together', at: places })
    const ordered: Ordered[] = []
    for (const { failsAt, order } of deaths) {
      if (failsAt) await this.worker.doom({ deed: 'fail', at: failsAt })
      ordered.push(await Tenant.none(order))
    }
    await this.worker.dies(places.join(', '))
    this.worker = await standing
    await this.worker.go()
    return ordered
  }

  async end(): Promise<void> {
    await this.worker.die()
  }
}
