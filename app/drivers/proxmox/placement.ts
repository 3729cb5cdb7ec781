import type { InstanceSpec } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { bridgeOf, numeric } from '#drivers/proxmox/guest'

const GIB = 2 ** 30

type Needs = { storagePool: string; network: string | null; diskGib: number }

/** Finds the node for a new guest, and says what a node lacks before anything is made there. */
export class ProxmoxPlacement {
  constructor(private readonly client: ProxmoxClient) {}

  /** The one that was chosen, else the one with the most memory left among those that have what it needs. */
  async nodeFor(spec: InstanceSpec): Promise<string> {
    if (spec.node !== null) {
      const lack = await this.lackOf(spec.node, spec)
      if (lack) throw lack
      return spec.node
    }
    const { data } = await this.client.get('/nodes')
    const nodes = list(data)
      .map(record)
      .filter(({ status }) => status === 'online')
      .map((row) => ({
        name: text(row.node) ?? '',
        free: numeric(row.maxmem) - numeric(row.mem),
      }))
      .sort((a, b) => b.free - a.free)
    let lack: DriverError | null = null
    for (const { name } of nodes) {
      const own = await this.lackOf(name, spec)
      if (!own) return name
      lack ??= own
    }
    throw lack ?? new DriverError('unreachable', `no node of ${this.client.where} is online`)
  }

  private lackOf(node: string, spec: InstanceSpec): Promise<DriverError | null> {
    const { image, storagePool, network, size } = spec
    return this.lackFor(node, image, { storagePool, network, diskGib: size.diskGib })
  }

  /** null: it has the template, room for the disk, and the bridge. */
  async lackFor(node: string, image: string, needs: Needs): Promise<DriverError | null> {
    const [store] = image.split(':vztmpl/')
    if (!store || store === image) {
      return new DriverError('not_found', 'the image is no template of Proxmox VE')
    }
    const path = at('nodes', node, 'storage', store, 'content')
    const templates = await this.rows(path, { content: 'vztmpl' }).catch(none)
    if (!templates.some(({ volid }) => volid === image)) {
      return new DriverError('not_found', `node ${node} lacks the template ${image}`)
    }
    return this.lackOfRoom(node, needs)
  }

  /** null: it has room for the disk, and the bridge. `network` null: it has no card. */
  async lackOfRoom(
    node: string,
    { storagePool, network, diskGib }: Needs
  ): Promise<DriverError | null> {
    const bridge = network && bridgeOf(network).bridge
    const [storages, bridges] = await Promise.all([
      this.rows(at('nodes', node, 'storage'), { content: 'rootdir' }),
      this.rows(at('nodes', node, 'network')),
    ])
    const storage = storages.find((row) => row.storage === storagePool)
    if (!storage || numeric(storage.active) !== 1) {
      return new DriverError(
        'not_found',
        `node ${node} has no storage ${storagePool} for containers`
      )
    }
    if (numeric(storage.avail) < diskGib * GIB) {
      return new DriverError(
        'out_of_capacity',
        `storage ${storagePool} of node ${node} has ${Math.floor(numeric(storage.avail) / GIB)} GiB left`
      )
    }
    if (bridge && !bridges.some(({ iface }) => iface === bridge)) {
      return new DriverError('not_found', `node ${node} has no bridge ${bridge}`)
    }
    return null
  }

  async isShared(node: string, storagePool: string): Promise<boolean> {
    const storages = await this.rows(at('nodes', node, 'storage'), { storage: storagePool })
    return storages.some(({ shared }) => numeric(shared) === 1)
  }

  private async rows(path: string, query = {}): Promise<Record<string, unknown>[]> {
    const { data } = await this.client.get(path, query)
    return list(data).map(record)
  }
}

/** A storage that is not there holds nothing. */
function none(error: unknown): [] {
  if (error instanceof DriverError && !error.retryable) return []
  throw error
}
