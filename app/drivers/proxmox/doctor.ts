import type {
  ClusterWarning,
  DoctorApi,
  GuestReach,
  NetworkHealth,
  NodeClock,
  ReachTarget,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text, type Json } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { bridgeOf, numeric, stampIn, tagsIn } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

/** What the guide asks for; the doctor tells which of them the account lacks. */
export const PRIVILEGES = [
  ...['VM.Allocate', 'VM.Audit', 'VM.Clone', 'VM.Console', 'VM.PowerMgmt', 'VM.Backup'],
  ...['VM.Config.Disk', 'VM.Config.CPU', 'VM.Config.Memory', 'VM.Config.Network'],
  ...['VM.Config.Options', 'VM.Snapshot', 'VM.Snapshot.Rollback', 'VM.Migrate'],
  ...['Datastore.AllocateSpace', 'Datastore.Audit', 'Sys.Audit', 'SDN.Use'],
]

export class ProxmoxDoctor implements DoctorApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks,
    /** Where root disks go. */
    private readonly storagePool: string | null
  ) {}

  /** A bridge has to be on every node that answers. */
  async networks(names: string[]): Promise<NetworkHealth[]> {
    const nodes = await this.guests.onlineNodes()
    const cards = await Promise.all(nodes.map((node) => this.rows(at('nodes', node, 'network'))))
    return names.map((name) => {
      const { bridge } = bridgeOf(name)
      const found = cards.map((of) => of.find(({ iface }) => iface === bridge))
      const there = found.filter((card) => card !== undefined)
      const isThere = there.length > 0 && there.length === nodes.length
      return {
        name,
        isThere,
        isUp: isThere ? there.every(({ active }) => numeric(active) === 1) : null,
        addresses: there.flatMap(({ cidr, cidr6 }) =>
          [cidr, cidr6].flatMap((range) => text(range)?.split('/')[0] ?? [])
        ),
        hasNat: null,
      }
    })
  }

  /** Told in whole seconds: on average half of one has passed since. */
  async clocks(): Promise<NodeClock[]> {
    const nodes = await this.guests.onlineNodes()
    return Promise.all(
      nodes.map(async (node) => {
        const askedAt = Date.now()
        const { data } = await this.client.get(at('nodes', node, 'time'))
        const here = (askedAt + Date.now()) / 2
        return { node, skewMs: Math.round(numeric(record(data).time) * 1_000 + 500 - here) }
      })
    )
  }

  async warnings(): Promise<ClusterWarning[]> {
    const nodes = await this.guests.onlineNodes()
    const found = [
      this.membership(),
      this.privileges(),
      this.versions(nodes),
      this.storages(nodes),
      this.templates(nodes),
      this.locks(nodes),
    ]
    const warnings = await Promise.all(found)
    return warnings.flat()
  }

  /** No call looks into a guest. */
  async reach(ref: string, _target: ReachTarget): Promise<GuestReach> {
    const guest = await this.guests.readOrFail(ref)
    if (!guest.isRunning) throw new DriverError('invalid', 'the instance does not run')
    return { gateway: null, names: null, outside: null }
  }

  private async membership(): Promise<ClusterWarning[]> {
    const members = await this.rows('/cluster/status')
    const cluster = members.find(({ type }) => type === 'cluster')
    const lost = members.filter(({ type, online }) => type === 'node' && numeric(online) !== 1)
    return [
      ...(cluster && numeric(cluster.quorate) !== 1 ? [warning('the cluster has no quorum')] : []),
      ...lost.map(({ name }) => warning('the node is offline', text(name))),
    ]
  }

  private async privileges(): Promise<ClusterWarning[]> {
    const { data } = await this.client.get('/access/permissions')
    const held = new Set(
      Object.values(record(data)).flatMap((given) =>
        Object.entries(record(given))
          .filter(([, value]) => numeric(value) >= 0)
          .map(([name]) => name)
      )
    )
    const missing = PRIVILEGES.filter((name) => !held.has(name))
    if (missing.length === 0) return []
    return [warning(`${this.client.user} lacks the privileges ${missing.join(' ')}`)]
  }

  private async versions(nodes: string[]): Promise<ClusterWarning[]> {
    const told = await Promise.all(
      nodes.map(async (node) => {
        const { data } = await this.client.get(at('nodes', node, 'status'))
        return { node, version: text(record(data).pveversion)?.split('/')[1] ?? '' }
      })
    )
    const different = new Set(told.map(({ version }) => version))
    if (different.size < 2) return []
    const versions = told.map(({ node, version }) => `${node} ${version}`).join(', ')
    return [warning(`the nodes run different versions: ${versions}`)]
  }

  /** What a node lacks that orders need: a place for disks, and one for backups. */
  private async storages(nodes: string[]): Promise<ClusterWarning[]> {
    const found = await Promise.all(
      nodes.map(async (node) => {
        const storages = await this.rows(at('nodes', node, 'storage'))
        const holds = (kind: string, name?: string) =>
          storages.some(
            ({ storage, content, active }) =>
              numeric(active) === 1 &&
              (name === undefined || storage === name) &&
              (text(content) ?? '').split(',').includes(kind)
          )
        const pool = this.storagePool ?? undefined
        return [
          ...(holds('rootdir', pool)
            ? []
            : [warning(`no storage ${pool ?? ''} takes the disks of containers`, node)]),
          ...(holds('backup') ? [] : [warning('no storage takes backups', node)]),
        ]
      })
    )
    return found.flat()
  }

  /** A template that some nodes have and others lack. */
  private async templates(nodes: string[]): Promise<ClusterWarning[]> {
    const onNodes = new Map<string, Set<string>>()
    for (const node of nodes) {
      for (const { storage, active } of await this.rows(at('nodes', node, 'storage'), {
        content: 'vztmpl',
      })) {
        if (numeric(active) !== 1) continue
        const path = at('nodes', node, 'storage', text(storage) ?? '', 'content')
        for (const { volid } of await this.rows(path, { content: 'vztmpl' })) {
          const holders = onNodes.get(String(volid)) ?? new Set()
          onNodes.set(String(volid), holders.add(node))
        }
      }
    }
    return nodes.flatMap((node) => {
      const missing = [...onNodes].filter(([, holders]) => !holders.has(node))
      if (missing.length === 0) return []
      const names = missing.map(([volume]) => volume.split('/').at(-1)).join(', ')
      return [warning(`lacks templates that other nodes have: ${names}`, node)]
    })
  }

  /** Ours that are locked while nothing works on them: nothing of the API lifts such a lock. */
  private async locks(nodes: string[]): Promise<ClusterWarning[]> {
    const rows = await this.guests.rows()
    const locked = rows.filter(
      ({ type, lock, tags, node }) =>
        type === 'lxc' &&
        text(lock) !== null &&
        nodes.includes(String(node)) &&
        (stampIn(tagsIn(tags)) !== null || lock === 'create')
    )
    const found: ClusterWarning[] = []
    for (const { vmid, node, lock } of locked) {
      const ref = String(numeric(vmid))
      const running = await this.tasks.runningOn(String(node), ref)
      // A copy's task stands at what is copied.
      const isBeingMade = running.length > 0 || (await this.tasks.isCopying(String(node)))
      if (isBeingMade) continue
      const advice = `${ref} is locked (${String(lock)}) and nothing works on it: run "pct unlock ${ref}"`
      found.push(warning(advice, String(node)))
    }
    return found
  }

  private async rows(path: string, query = {}): Promise<Json[]> {
    const { data } = await this.client.get(path, query)
    return list(data).map(record)
  }
}

function warning(message: string, node: string | null = null): ClusterWarning {
  return { message, node, count: 1 }
}
