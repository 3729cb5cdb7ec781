import { Access, type Identity } from './access.js'
import { Consoles } from './consoles.js'
import { type Guest, type Config } from './guest.js'
import { Refusal } from './refusal.js'
import { Tasks, type Work } from './tasks.js'
import { without } from './values.js'

export type Storage = {
  name: string
  type: 'dir' | 'zfspool' | 'btrfs' | 'lvmthin' | 'nfs'
  content: readonly string[]
  totalGib: number
  usedGib: number
  isShared: boolean
}
export type Backup = {
  storage: string
  node: string
  file: string
  vmid: number
  madeAt: number
  bytes: number
  notes: string | null
  config: Config
  gib: number
}
/** A machine of the cluster; what is left out is as on every node. */
export type NodeWish = {
  name: string
  cpus?: number
  memoryMib?: number
  diskGib?: number
  templates?: readonly string[]
  bridges?: readonly string[]
  storages?: readonly Partial<Storage>[]
}
export type Node = Required<Omit<NodeWish, 'storages' | 'templates'>> & {
  storages: Storage[]
  /** By storage. */
  templates: Map<string, string[]>
  isOnline: boolean
  /** `frozen`: it takes no answer in time, and does the work when it thaws. */
  daemon: 'up' | 'down' | 'frozen'
  bootedAt: number
  clockSkewMs: number
}

/** How long work takes; see `MEASURED` for the real one. */
export type Paces = {
  createMs: number
  powerMs: number
  workMs: number
  /** So old may be what the cluster tells of all its guests. */
  statsMs: number
  unauthorizedMs: number
  frozenMs: number
}
export const QUICK: Paces = {
  createMs: 60,
  powerMs: 40,
  workMs: 30,
  statsMs: 100,
  unauthorizedMs: 30,
  frozenMs: 150,
}
/** As seen on a real node with a root disk of 160 MB. */
export const MEASURED: Paces = {
  createMs: 3_500,
  powerMs: 1_500,
  workMs: 3_000,
  statsMs: 10_000,
  unauthorizedMs: 3_000,
  frozenMs: 30_000,
}

const TEMPLATES = [
  'debian-12-standard_12.11-1_amd64.tar.zst',
  'ubuntu-24.04-standard_24.04-2_amd64.tar.zst',
  'alpine-3.20-default_20240908_amd64.tar.xz',
]
const GIB = 2 ** 30
/** Of a disk that is a file: only what was written takes room. */
const FILLED = 252_510_208
/** A folder cannot make snapshots, a pool can, and what is shared is seen from everywhere. */
const STORAGES: Storage[] = [
  {
    name: 'local',
    type: 'dir',
    content: ['rootdir', 'images', 'backup', 'iso', 'snippets', 'vztmpl'],
    totalGib: 200,
    usedGib: 20,
    isShared: false,
  },
  {
    name: 'tank',
    type: 'zfspool',
    content: ['images', 'rootdir'],
    totalGib: 500,
    usedGib: 10,
    isShared: false,
  },
]

/** What a cluster of Proxmox VE nodes keeps. */
export class Cluster {
  readonly nodes: Node[]
  readonly access = new Access()
  readonly tasks = new Tasks()
  readonly consoles = new Consoles()
  readonly guests = new Map<number, Guest>()
  /** Machines of the other kind: only their ids are in the way. */
  readonly machines = new Map<number, { node: string; name: string }>()
  backups: Backup[] = []
  /** With colons, as the list of nodes tells it. */
  fingerprint = ''
  certificate = ''
  private broadcast: { at: number; rows: Record<string, unknown>[] } = { at: 0, rows: [] }

  constructor(
    nodes: readonly NodeWish[],
    readonly paces: Paces
  ) {
    this.nodes = nodes.map((wish) => ({
      cpus: 8,
      memoryMib: 32_768,
      diskGib: 500,
      bridges: ['vmbr0', 'vmbr1'],
      ...wish,
      storages: (wish.storages ?? STORAGES).map((storage) => ({
        ...STORAGES[0]!,
        ...storage,
      })) as Storage[],
      templates: new Map([['local', [...(wish.templates ?? TEMPLATES)]]]),
      isOnline: true,
      daemon: 'up',
      bootedAt: Date.now() - 3_600_000,
      clockSkewMs: 0,
    }))
  }

  node(name: string): Node {
    const found = this.nodes.find((node) => node.name === name)
    if (!found) {
      throw new Refusal(
        500,
        `hostname lookup '${name}' failed - failed to get address info for: ${name}: Temporary failure in name resolution`
      )
    }
    return found
  }

  guest({ node, vmid }: Config): Guest {
    this.node(node!)
    const guest = this.guests.get(Number(vmid))
    if (!guest || guest.node !== node) {
      throw new Refusal(500, `Configuration file 'nodes/${node}/lxc/${vmid}.conf' does not exist`)
    }
    return guest
  }

  /** For what is refused at once while somebody else works on it. */
  unlocked(call: Config): Guest {
    const guest = this.guest(call)
    if (guest.lock) throw new Refusal(500, `CT is locked (${guest.lock})`)
    return guest
  }

  /** The sentence that says that an id is taken; null when it is free. */
  takenBy(vmid: number): string | null {
    const guest = this.guests.get(vmid)
    if (guest) return `CT ${vmid} already exists on node '${guest.node}'`
    const machine = this.machines.get(vmid)
    return machine ? `VM ${vmid} already exists on node '${machine.node}'` : null
  }

  storage(node: string, name: string): Storage {
    const found = this.node(node).storages.find((storage) => storage.name === name)
    if (found) return found
    const isElsewhere = this.nodes.some(({ storages }) =>
      storages.some((each) => each.name === name)
    )
    throw new Refusal(
      500,
      isElsewhere
        ? `storage '${name}' is not available on node '${node}'`
        : `storage '${name}' does not exist`
    )
  }

  /** Whether a new disk finds no room there. */
  isFull(node: string, storage: Storage, gib: number): boolean {
    return this.space(node, storage).avail < (isSparse(storage.type) ? FILLED : gib * GIB)
  }

  canSnapshot(guest: Guest): boolean {
    return guest.volume !== null && this.storage(guest.node, guest.volume.storage).type !== 'dir'
  }

  /** Bytes of a storage as a node sees it. */
  space(
    node: string,
    { name, type, totalGib, usedGib, isShared }: Storage
  ): { total: number; used: number; avail: number } {
    const disks = [...this.guests.values()]
      .filter((guest) => guest.volume?.storage === name && (isShared || guest.node === node))
      .reduce((sum, guest) => sum + (isSparse(type) ? FILLED : guest.volume!.gib * GIB), 0)
    const copies = this.backupsOn(node, name).reduce((sum, { bytes }) => sum + bytes, 0)
    const used = Math.min(usedGib * GIB + disks + copies, totalGib * GIB)
    return { total: totalGib * GIB, used, avail: totalGib * GIB - used }
  }

  templatesOn(node: string, storage: string): string[] {
    return this.node(node).templates.get(storage) ?? []
  }

  backupsOn(node: string, storage: string): Backup[] {
    const { isShared } = this.storage(node, storage)
    return this.backups.filter(
      (backup) => backup.storage === storage && (isShared || backup.node === node)
    )
  }

  /** By whom it is done stands in a task's name. */
  run(who: Identity, work: Omit<Work, 'user'>): string {
    return this.tasks.run({ ...work, user: who.id })
  }

  /** As pvestatd told them last, and only to those who may see them. */
  resources(who: Identity, type: string | undefined): Record<string, unknown>[] {
    if (Date.now() - this.broadcast.at >= this.paces.statsMs) {
      this.broadcast = { at: Date.now(), rows: this.allResources() }
    }
    return this.broadcast.rows.filter((row) => {
      const kind = row.type === 'lxc' || row.type === 'qemu' ? 'vm' : row.type
      if (type && type !== kind) return false
      if (kind === 'vm') return this.access.may(who, `/vms/${row.vmid}`, 'VM.Audit')
      if (kind === 'node') return true
      return this.access.may(
        who,
        `/storage/${row.storage}`,
        'Datastore.Audit',
        'Datastore.AllocateSpace'
      )
    })
  }

  shownNode(node: Node): Record<string, unknown> {
    const running = [...this.guests.values()].filter(
      (guest) => guest.node === node.name && guest.isRunning
    )
    return {
      type: 'node',
      id: `node/${node.name}`,
      node: node.name,
      status: node.isOnline ? 'online' : 'offline',
      ...(node.isOnline && {
        level: '',
        maxcpu: node.cpus,
        cpu: 0.02 + running.length * 0.01,
        maxmem: node.memoryMib * 2 ** 20,
        mem: (1_024 + running.length * 64) * 2 ** 20,
        maxdisk: node.diskGib * GIB,
        disk: 20 * GIB,
        uptime: Math.floor((Date.now() - node.bootedAt) / 1_000),
      }),
    }
  }

  close(): void {
    this.tasks.close()
    this.consoles.close()
  }

  private allResources(): Record<string, unknown>[] {
    const guests = [...this.guests.values()].map((guest) => {
      const shown = guest.shownStatus(this.node(guest.node).cpus)
      return {
        ...without(shown, 'cpus', 'swap', 'maxswap', 'pid'),
        maxcpu: shown.cpus,
        id: `lxc/${guest.vmid}`,
        node: guest.node,
        template: guest.isTemplate ? 1 : 0,
      }
    })
    const machines = [...this.machines].map(([vmid, machine]) => ({
      ...{ type: 'qemu', id: `qemu/${vmid}`, vmid, status: 'stopped', template: 0 },
      ...machine,
    }))
    const storages = this.nodes.flatMap(({ name: node, isOnline, storages: all }) =>
      all.map((storage) => {
        const { total, used } = this.space(node, storage)
        return {
          type: 'storage',
          id: `storage/${node}/${storage.name}`,
          storage: storage.name,
          node,
          plugintype: storage.type,
          status: isOnline ? 'available' : 'unknown',
          content: storage.content.join(','),
          shared: storage.isShared ? 1 : 0,
          maxdisk: total,
          disk: used,
        }
      })
    )
    return [...guests, ...machines, ...this.nodes.map((node) => this.shownNode(node)), ...storages]
  }
}

export function isSparse(type: Storage['type']): boolean {
  return ['dir', 'btrfs', 'nfs'].includes(type)
}
