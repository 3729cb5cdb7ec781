import { createHash, randomBytes } from 'node:crypto'
import { partsOf } from './parameter.js'
import { without, wordsOf } from './values.js'

export type Config = Record<string, string>
export type Snapshot = {
  name: string
  description: string
  takenAt: number
  config: Config
  parent: string | null
}
export type FirewallRule = Record<string, string>

/** Written as numbers; everything else stays text, also a share of processors. */
const NUMBERS = new Set(
  'cores memory swap onboot unprivileged protection tty cpuunits console debug template'.split(' ')
)
const MIB = 2 ** 20
const GIB = 2 ** 30
const DISK_IN_USE = 181_080_064
const MEMORY_IN_USE = 9_814_016

/** One container as its node keeps it: a configuration, what of it runs, and what it has counted. */
export class Guest {
  lock: string | null = null
  /** Where its root disk lies; null while it is being made. */
  volume: { storage: string; gib: number; number: number; isBase: boolean } | null = null
  config: Config = {}
  /** Not in effect before the next start. */
  pending: Config = {}
  snapshots: Snapshot[] = []
  parent: string | null = null
  startedAt: number | null = null
  bornAt = Date.now()
  ignoresShutdown = false
  /** Root's; null: one that somebody else gave it, and any is taken. */
  rootPassword: string | null = null
  /** Told when it stops, once. */
  private readonly watchers = new Set<() => void>()
  firewall = {
    options: {} as Config,
    rules: [] as FirewallRule[],
    sets: new Map<string, Record<string, string>[]>(),
  }
  private pid = 0

  constructor(
    readonly vmid: number,
    public node: string
  ) {}

  get isRunning(): boolean {
    return this.startedAt !== null
  }

  get isTemplate(): boolean {
    return this.config.template === '1'
  }

  get name(): string {
    return this.config.hostname ?? `CT${this.vmid}`
  }

  get digest(): string {
    const kept = [this.config, this.lock, this.volume, this.parent, this.snapshots]
    return createHash('sha1').update(JSON.stringify(kept)).digest('hex')
  }

  network(key = 'net0'): Record<string, string> {
    return partsOf(this.config[key] ?? '')
  }

  start(): void {
    this.startedAt = Date.now()
    this.pid = 1_000 + Math.floor(Math.random() * 30_000)
    Object.assign(this.config, this.pending)
    this.pending = {}
  }

  stop(): void {
    this.startedAt = null
    for (const tell of this.watchers) tell()
    this.watchers.clear()
  }

  /** @returns what ends the watch */
  whenStopped(tell: () => void): () => void {
    this.watchers.add(tell)
    return () => this.watchers.delete(tell)
  }

  /** As `GET config` shows it. */
  shownConfig(): Record<string, string | number> {
    return {
      ...shownValues({ ...this.config, ...this.pending }),
      ...(this.volume && { rootfs: this.shownVolume() }),
      ...(this.lock && { lock: this.lock }),
      ...(this.parent && { parent: this.parent }),
      digest: this.digest,
    }
  }

  shownPending(): Record<string, unknown>[] {
    const now = without(this.shownConfig(), 'lock', ...Object.keys(this.pending))
    return [
      ...Object.entries({ ...now, ...shownValues(this.config) }).map(([key, value]) => ({
        key,
        value,
        ...(key in this.pending && { pending: this.pending[key] }),
      })),
      ...Object.entries(this.pending)
        .filter(([key]) => !(key in this.config))
        .map(([key, pending]) => ({ key, pending })),
    ]
  }

  shownSnapshot({ config, description, takenAt, parent }: Snapshot): Record<string, unknown> {
    return {
      ...shownValues(config),
      rootfs: this.shownVolume(),
      snaptime: takenAt,
      ...(description && { description: `${description}\n` }),
      ...(parent && { parent }),
    }
  }

  shownVolume(): string {
    const { storage, gib, number, isBase } = this.volume!
    const kind = isBase ? 'base' : 'vm'
    return `${storage}:${this.vmid}/${kind}-${this.vmid}-disk-${number}.raw,size=${gib}G`
  }

  /** As `status/current` and the node's list show it; `hostCpus` while nothing is written down yet. */
  shownStatus(hostCpus: number): Record<string, unknown> {
    const uptime = this.startedAt === null ? 0 : Math.floor((Date.now() - this.startedAt) / 1_000)
    const isBeingMade = this.volume === null
    return {
      type: 'lxc',
      vmid: this.vmid,
      name: this.name,
      status: this.isRunning ? 'running' : 'stopped',
      uptime,
      cpus: Number(this.config.cores ?? hostCpus),
      cpu: this.isRunning ? 0.01 : 0,
      mem: this.isRunning ? MEMORY_IN_USE : 0,
      maxmem: Number(this.config.memory ?? 512) * MIB,
      swap: 0,
      maxswap: isBeingMade ? 0 : Number(this.config.swap ?? 512) * MIB,
      disk: this.isRunning ? DISK_IN_USE : 0,
      maxdisk: (this.volume?.gib ?? 4) * GIB,
      netin: uptime * 70,
      netout: uptime * 130,
      diskread: uptime * 4_096,
      diskwrite: uptime * 1_024,
      ...(this.config.tags && { tags: this.config.tags }),
      ...(this.lock && { lock: this.lock }),
      ...(this.isTemplate && { template: 1 }),
      ...(this.isRunning && { pid: this.pid }),
    }
  }
}

/** What the real one makes of parameters before it writes them down. */
export function written(parameters: Config): Config {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => {
      if (key === 'tags') return [key, tidyTags(value)]
      return [key, /^net\d+$/.test(key) ? tidyNetwork(value) : value]
    })
  )
}

function shownValues(config: Config): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (key === 'description') return [key, `${value}\n`]
      return [key, NUMBERS.has(key) ? Number(value) : value]
    })
  )
}

function tidyTags(tags: string): string {
  return [...new Set(wordsOf(tags.toLowerCase()))].sort().join(';')
}

/** Keys in the order of the alphabet behind `name`, and a new MAC address where none was given. */
function tidyNetwork(value: string): string {
  const { name, ...rest } = partsOf(value)
  const tail = randomBytes(3).toString('hex').toUpperCase().match(/../g)!.join(':')
  const whole: Record<string, string> = { hwaddr: `BC:24:11:${tail}`, type: 'veth', ...rest }
  whole.hwaddr = whole.hwaddr!.toUpperCase()
  const pairs = Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1))
  return [`name=${name}`, ...pairs.map(([key, its]) => `${key}=${its}`)].join(',')
}
