import type {
  ClusterFacts,
  InfrastructureApi,
  NodeApi,
  RemoteNetwork,
  RemoteNode,
  RemoteStoragePool,
} from '#drivers/contract'
import { list, number, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'

type Space = { totalGib: number; usedGib: number }
type Pool = { name: string; type: string; isRemote: boolean }
type Member = { name: string; isOnline: boolean; target: Record<string, string> }

/** Pools of these kinds are one and the same from every member of an LXD cluster. */
const REMOTE_POOLS = new Set(['ceph', 'cephfs', 'cephobject'])
/** Cards of the host to which nothing is attached. */
const NO_NETWORK = new Set(['loopback', 'unknown', ''])

export class LxdInfrastructure implements InfrastructureApi, NodeApi {
  constructor(
    private readonly client: LxdClient,
    private readonly facts: ClusterFacts | null,
    /** Where root disks go; its room counts as the node's. */
    private readonly storagePool: string | null
  ) {}

  async list(): Promise<RemoteNode[]> {
    const [members, pools] = await Promise.all([this.members(), this.pools()])
    const pool = pools.find(({ name }) => name === (this.storagePool ?? 'default')) ?? pools[0]
    return Promise.all(members.map((member) => this.node(member, pool)))
  }

  async storagePools(): Promise<RemoteStoragePool[]> {
    const [members, pools] = await Promise.all([this.members(), this.pools()])
    const reachable = members.filter(({ isOnline }) => isOnline)
    const rooms = pools.flatMap((pool) => {
      const isLocal = this.facts?.clustered === true && !pool.isRemote
      const asked = isLocal ? reachable : reachable.slice(0, 1)
      return asked.map(async (member) => ({
        name: pool.name,
        node: isLocal ? member.name : null,
        type: pool.type,
        ...(await this.space(pool, member)),
      }))
    })
    return Promise.all(rooms)
  }

  async networks(): Promise<RemoteNetwork[]> {
    const { metadata } = await this.client.get(at('networks'), { query: { recursion: '1' } })
    return list(metadata)
      .map(record)
      .map((network) => ({
        name: text(network.name) ?? '',
        type: text(network.type) ?? '',
        managed: network.managed === true,
        ipv4: subnet(record(network.config)['ipv4.address']),
        ipv6: subnet(record(network.config)['ipv6.address']),
      }))
      .filter(({ type }) => !NO_NETWORK.has(type))
  }

  private async members(): Promise<Member[]> {
    if (!this.facts?.clustered) {
      const name = await this.serverName()
      return [{ name, isOnline: true, target: {} }]
    }
    const { metadata } = await this.client.get(at('cluster', 'members'), {
      query: { recursion: '1' },
    })
    return list(metadata)
      .map(record)
      .map((member) => ({
        name: text(member.server_name) ?? '',
        isOnline: member.status === 'Online',
        target: { target: text(member.server_name) ?? '' },
      }))
  }

  private async serverName(): Promise<string> {
    if (this.facts) return this.facts.serverName
    const { metadata } = await this.client.get(at())
    return text(record(record(metadata).environment).server_name) ?? ''
  }

  private async pools(): Promise<Pool[]> {
    const { metadata } = await this.client.get(at('storage-pools'), { query: { recursion: '1' } })
    return list(metadata)
      .map(record)
      .filter(({ status }) => status === 'Created')
      .map((pool) => ({
        name: text(pool.name) ?? '',
        type: text(pool.driver) ?? '',
        isRemote: REMOTE_POOLS.has(text(pool.driver) ?? ''),
      }))
  }

  private async node(member: Member, pool: Pool | undefined): Promise<RemoteNode> {
    const known = { ref: member.name, name: member.name, online: member.isOnline }
    if (!member.isOnline) return { ...known, ...NO_ROOM }
    const [{ metadata }, space] = await Promise.all([
      this.client.get(at('resources'), { query: member.target }),
      pool ? this.space(pool, member) : { totalGib: 0, usedGib: 0 },
    ])
    const memory = record(record(metadata).memory)
    return {
      ...known,
      cpus: number(record(record(metadata).cpu).total),
      memoryMib: Math.floor(number(memory.total) / 2 ** 20),
      memoryUsedMib: Math.ceil(number(memory.used) / 2 ** 20),
      diskGib: space.totalGib,
      diskUsedGib: space.usedGib,
    }
  }

  private async space(pool: Pool, member: Member): Promise<Space> {
    const { metadata } = await this.client.get(at('storage-pools', pool.name, 'resources'), {
      query: member.target,
    })
    const space = record(record(metadata).space)
    return {
      totalGib: Math.floor(number(space.total) / 2 ** 30),
      usedGib: Math.ceil(number(space.used) / 2 ** 30),
    }
  }
}

const NO_ROOM = { cpus: 0, memoryMib: 0, memoryUsedMib: 0, diskGib: 0, diskUsedGib: 0 }

function subnet(value: unknown): string | null {
  const address = text(value)
  return address === 'none' || address === 'auto' ? null : address
}
