import type { ImageApi, RemoteImage } from '#drivers/contract'
import { list, number, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'

export class LxdImages implements ImageApi {
  constructor(private readonly client: LxdClient) {}

  async list(): Promise<RemoteImage[]> {
    const { metadata } = await this.client.get(at('images'), { query: { recursion: '1' } })
    return list(metadata).map(toRemoteImage)
  }
}

function toRemoteImage(value: unknown): RemoteImage {
  const image = record(value)
  const properties = record(image.properties)
  const fingerprint = text(image.fingerprint) ?? ''
  const alias = text(record(list(image.aliases)[0]).name)
  return {
    ref: fingerprint,
    name: alias ?? text(properties.description) ?? fingerprint.slice(0, 12),
    os: text(properties.os),
    release: text(properties.release),
    architecture: text(image.architecture),
    kind: image.type === 'virtual-machine' ? 'virtual-machine' : 'container',
    sizeMib: Math.ceil(number(image.size) / 2 ** 20),
  }
}
