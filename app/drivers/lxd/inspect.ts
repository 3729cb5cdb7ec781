import type {
  ClusterFacts,
  InspectApi,
  InspectedGuest,
  IpFamily,
  SpecAddress,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import {
  firstNic,
  foundCards,
  parseInstance,
  STAMP_KEY,
  toRemoteInstance,
} from '#drivers/lxd/instance'

const READ_MS = 120_000

export class LxdInspect implements InspectApi {
  constructor(
    private readonly client: LxdClient,
    private readonly facts: ClusterFacts | null
  ) {}

  async guests(): Promise<InspectedGuest[]> {
    await this.client.requireProject()
    const { metadata } = await this.client.get(at('instances'), {
      query: { recursion: '2' },
      timeoutMs: READ_MS,
    })
    const node = this.facts?.clustered ? null : (this.facts?.serverName ?? null)
    return list(metadata).map((value) => toGuest(value, node))
  }

  async restamp(ref: string, from: string | null, to: string | null): Promise<void> {
    const { instance, etag } = await this.read(ref)
    if (instance.stamp === to) return
    if (instance.stamp !== from) throw notOurs(ref)
    await this.patch(ref, etag, { config: { [STAMP_KEY]: to ?? '' } })
  }

  async assign(ref: string, stamp: string, addresses: SpecAddress[]): Promise<void> {
    const { instance, etag } = await this.read(ref)
    if (instance.stamp !== stamp) throw notOurs(ref)
    const nic = firstNic(instance)
    if (!nic?.device.network) {
      throw new DriverError('unsupported', 'the network of the instance leaves addresses to it')
    }
    const kept = Object.entries(nic.device).filter(([key]) => !ADDRESS_KEYS.has(key))
    const device = {
      ...Object.fromEntries(kept),
      ...Object.fromEntries(addresses.map(({ family, address }) => [keyOf(family), address])),
    }
    await this.patch(ref, etag, { devices: { [nic.name]: device } })
  }

  private async read(ref: string) {
    const reply = await this.client.find(at('instances', ref))
    if (reply === null) {
      throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
    }
    return { instance: parseInstance(reply.metadata), etag: reply.etag }
  }

  /** Of two that change it at once the second is refused, and looks again. */
  private async patch(ref: string, etag: string | null, json: object): Promise<void> {
    const { operationId } = await this.client.request('PATCH', at('instances', ref), {
      headers: etag ? { 'if-match': etag } : {},
      body: { json },
    })
    if (operationId === null) return
    await this.client.get(at('operations', operationId, 'wait'), { query: { timeout: '30' } })
  }
}

const ADDRESS_KEYS = new Set(['ipv4.address', 'ipv6.address'])

const keyOf = (family: IpFamily): string => `ipv${family}.address`

function toGuest(value: unknown, node: string | null): InspectedGuest {
  const instance = parseInstance(value)
  const card = firstNic(instance)?.device ?? {}
  const createdAt = Date.parse(text(record(value).created_at) ?? '')
  return {
    ...toRemoteInstance(instance, node),
    assigned: ([4, 6] as const).flatMap((family) => {
      const address = card[keyOf(family)]
      return address && address !== 'none' ? [{ family, address }] : []
    }),
    network: card.network ?? card.parent ?? null,
    cards: foundCards(instance),
    image: instance.config['volatile.base_image'] || null,
    createdAt: createdAt > 0 ? new Date(createdAt).toISOString() : null,
  }
}

function notOurs(ref: string): DriverError {
  return new DriverError('already_exists', `${ref} exists on this cluster and is not ours`)
}
