import type {
  InfrastructureApi,
  NodeApi,
  NodeNeeds,
  RemoteNetwork,
  RemoteNode,
  RemoteStoragePool,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text, type Json } from '#drivers/json'
import { placeOf } from '#drivers/proxmox/archives'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { numeric } from '#drivers/proxmox/guest'
import type { ProxmoxPlacement } from '#drivers/proxmox/placement'

const MIB = 2 ** 20
const GIB = 2 ** 30

export class ProxmoxInfrastructure implements InfrastructureApi, NodeApi {
  constructor(
    private readonly client: ProxmoxClient,
    /** Where root disks go; its room counts as the node's. */
    private readonly storagePool: string | null,
    private readonly placement: ProxmoxPlacement,
    /** Bridges carry these besides what is untagged. */
    private readonly vlans: number[]
  ) {}

  async able(needs: NodeNeeds): Promise<string[]> {
    const kept = needs.keptAs === null ? null : placeOf(needs.keptAs).node
    const nodes = await this.onlineNodes()
    const lacks = await Promise.all(
      nodes.map(async (node) => {
        if (kept !== null && kept !== node) {
          return new DriverError('not_found', `the archive is on node ${kept} only`)
        }
        const { keptAs, image, ...place } = needs
        if (keptAs === null) return this.placement.lackFor(node, image, { ...place, network: null })
        return this.placement.lackOfRoom(node, { ...place, network: null })
      })
    )
    const able = nodes.filter((_node, index) => lacks[index] === null)
    const [lack] = lacks
    if (able.length === 0 && lack) throw lack
    return able
  }

  async list(): Promise<RemoteNode[]> {
    const rows = await this.rows('/nodes')
    return Promise.all(rows.map((row) => this.node(row)))
  }

  async storagePools(): Promise<RemoteStoragePool[]> {
    const pools = new Map<string, RemoteStoragePool>()
    for (const node of await this.onlineNodes()) {
      for (const storage of await this.storages(node)) {
        const name = text(storage.storage) ?? ''
        const isShared = numeric(storage.shared) === 1
        pools.set(isShared ? name : `${name} ${node}`, {
          name,
          node: isShared ? null : node,
          type: text(storage.type) ?? '',
          totalGib: Math.floor(numeric(storage.total) / GIB),
          usedGib: Math.ceil(numeric(storage.used) / GIB),
        })
      }
    }
    return [...pools.values()]
  }

  /** What every node calls alike is one network; with VLANs, each of them on each bridge is another. */
  async networks(): Promise<RemoteNetwork[]> {
    const networks = new Map<string, RemoteNetwork>()
    for (const node of await this.onlineNodes()) {
      for (const card of await this.rows(at('nodes', node, 'network'))) {
        const type = text(card.type) ?? ''
        const name = text(card.iface) ?? ''
        if (!/bridge/i.test(type) || networks.has(name)) continue
        const found = {
          name,
          type,
          managed: false,
          ipv4: text(card.cidr),
          ipv6: text(card.cidr6),
        }
        networks.set(name, found)
        for (const vlan of this.vlans) {
          networks.set(`${name}:${vlan}`, {
            ...found,
            name: `${name}:${vlan}`,
            type: 'vlan',
            ipv4: null,
            ipv6: null,
          })
        }
      }
    }
    return [...networks.values()]
  }

  private async onlineNodes(): Promise<string[]> {
    const nodes = await this.rows('/nodes')
    return nodes.filter(({ status }) => status === 'online').map(({ node }) => text(node) ?? '')
  }

  private storages(node: string): Promise<Json[]> {
    return this.rows(at('nodes', node, 'storage'), { content: 'rootdir' })
  }

  private async node(row: Json): Promise<RemoteNode> {
    const name = text(row.node) ?? ''
    const online = row.status === 'online'
    const storages = online ? await this.storages(name) : []
    const pool = storages.find(({ storage }) => storage === this.storagePool) ?? storages[0]
    return {
      ref: name,
      name,
      online,
      cpus: numeric(row.maxcpu),
      memoryMib: Math.floor(numeric(row.maxmem) / MIB),
      memoryUsedMib: Math.ceil(numeric(row.mem) / MIB),
      diskGib: Math.floor(numeric(pool?.total) / GIB),
      diskUsedGib: Math.ceil(numeric(pool?.used) / GIB),
    }
  }

  private async rows(path: string, query = {}): Promise<Json[]> {
    const { data } = await this.client.get(path, query)
    return list(data).map(record)
  }
}
