import { list, record, text } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { numeric } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

/** Before our own name of an archive, in its notes. */
const NOTE = 'portico-backup '

/** An archive of vzdump that a storage holds. */
export type StoredArchive = {
  /** null: its storage is shared, so every node has it. */
  node: string | null
  volume: string
  storage: string
  sizeBytes: number
}

/** Archives of ours on the storages for backups: what they are called here stands in their notes. */
export class ProxmoxArchives {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests
  ) {}

  /** The storage for backups to which this node writes: one that all share first, then that with the most room. */
  async storageOn(node: string): Promise<string | null> {
    const storages = await this.storages(node)
    const [best] = storages.sort((one, other) => other.shared - one.shared || other.free - one.free)
    return best?.name ?? null
  }

  async named(name: string): Promise<StoredArchive | null> {
    return this.find(({ notes }) => text(notes)?.trim() === noteOf(name))
  }

  async at(kept: string): Promise<StoredArchive | null> {
    return this.find((_volume, archive) => keyOf(archive) === kept)
  }

  /** By its name, or by where it is kept. */
  async has(archive: string): Promise<boolean> {
    const found = archive.includes('/') ? await this.at(archive) : await this.named(archive)
    return found !== null
  }

  private async find(
    isWanted: (volume: Record<string, unknown>, archive: StoredArchive) => boolean
  ): Promise<StoredArchive | null> {
    for (const node of await this.guests.onlineNodes()) {
      for (const { name: storage, shared } of await this.storages(node)) {
        const path = at('nodes', node, 'storage', storage, 'content')
        const { data } = await this.client.get(path, { content: 'backup' })
        for (const volume of list(data).map(record)) {
          const archive = {
            node: shared ? null : node,
            volume: text(volume.volid) ?? '',
            storage,
            sizeBytes: numeric(volume.size),
          }
          if (isWanted(volume, archive)) return archive
        }
      }
    }
    return null
  }

  private async storages(node: string) {
    const { data } = await this.client.get(at('nodes', node, 'storage'), { content: 'backup' })
    return list(data)
      .map(record)
      .filter(({ active }) => numeric(active) === 1)
      .map(({ storage, shared, avail }) => ({
        name: text(storage) ?? '',
        shared: numeric(shared),
        free: numeric(avail),
      }))
  }
}

export function noteOf(name: string): string {
  return `${NOTE}${name}`
}

/** `pve1/local:backup/vzdump-lxc-…`; without a node before the first stroke: on all. */
export function keyOf({ node, volume }: Pick<StoredArchive, 'node' | 'volume'>): string {
  return `${node ?? ''}/${volume}`
}

export function placeOf(kept: string): { node: string | null; volume: string } {
  const stroke = kept.indexOf('/')
  return { node: kept.slice(0, stroke) || null, volume: kept.slice(stroke + 1) }
}
