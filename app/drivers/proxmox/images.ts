import type { ImageApi, RemoteImage } from '#drivers/contract'
import { list, record, text } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { numeric } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

/** `debian-12-standard_12.11-1_amd64.tar.zst` */
const FILE = /^([a-z]+)-?([\d.]+)?(?:-[a-z]+)?_([^_]+)_([^_.]+)\.tar/i

/** Templates of all nodes; one that lies on several of them under the same name is one image. */
export class ProxmoxImages implements ImageApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests
  ) {}

  async list(): Promise<RemoteImage[]> {
    const images = new Map<string, RemoteImage>()
    for (const node of await this.guests.onlineNodes()) {
      const stores = await this.client.get(at('nodes', node, 'storage'), { content: 'vztmpl' })
      for (const { storage, active } of list(stores.data).map(record)) {
        if (numeric(active) !== 1) continue
        const path = at('nodes', node, 'storage', text(storage) ?? '', 'content')
        const { data } = await this.client.get(path, { content: 'vztmpl' })
        for (const volume of list(data).map(record)) {
          const image = toRemoteImage(text(volume.volid) ?? '', numeric(volume.size))
          images.set(image.ref, image)
        }
      }
    }
    return [...images.values()]
  }
}

function toRemoteImage(ref: string, sizeBytes: number): RemoteImage {
  const file = ref.split('/').at(-1) ?? ref
  const [, os, release, , architecture] = FILE.exec(file) ?? []
  return {
    ref,
    name: file.replace(/\.tar(\.\w+)?$/, ''),
    os: os?.toLowerCase() ?? null,
    release: release ?? null,
    architecture: architecture ?? null,
    kind: 'container',
    sizeMib: Math.ceil(sizeBytes / 2 ** 20),
  }
}
