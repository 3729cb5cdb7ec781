import type { CardSpec, FoundCard, InterfacesApi, RemoteTask, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import {
  CARD_KEY,
  foundCards,
  parseInstance,
  requireStamp,
  sizeOfInstance,
} from '#drivers/lxd/instance'
import { noSuchInstance, requireName, type LxdOptions } from '#drivers/lxd/instances'
import { networkFor } from '#drivers/lxd/networks'
import { bandwidth } from '#drivers/lxd/sizes'
import type { LxdTasks } from '#drivers/lxd/tasks'

/** Devices of the instance with a mark of ours; LXD plugs them in and out while it runs. */
export class LxdInterfaces implements InterfacesApi {
  constructor(
    private readonly client: LxdClient,
    private readonly tasks: LxdTasks,
    private readonly options: LxdOptions
  ) {}

  async list(ref: string): Promise<FoundCard[]> {
    requireName(ref)
    const instance = await this.tasks.read(ref)
    if (!instance) throw noSuchInstance(ref)
    return foundCards(instance)
  }

  async attach(ref: string, stamp: string, card: CardSpec): Promise<RemoteTask> {
    requireName(ref)
    const wanted: WantedState = { is: 'attached', card: card.name }
    const found = await this.read(ref, stamp)
    if (!found) throw noSuchInstance(ref)
    const { instance, etag } = found
    const present = instance.devices[card.name]
    if (present && present[CARD_KEY] === undefined) {
      throw new DriverError('already_exists', `the instance has another card ${card.name}`)
    }
    const plugged = { ...card, nameservers: [] }
    const { device } = await networkFor(this.client, plugged, this.options, card.name)
    const limits = bandwidth(sizeOfInstance(instance))
    const devices = { [card.name]: { ...device, ...limits, [CARD_KEY]: card.name } }
    const reply = await this.client.request('PATCH', at('instances', ref), {
      headers: etag ? { 'if-match': etag } : {},
      body: { json: { devices } },
    })
    return this.tasks.started(reply, ref, wanted)
  }

  /** A device is taken away only by writing all the others once more. */
  async detach(
    ref: string,
    stamp: string,
    name: string,
    whose: 'ours' | 'anybody' = 'ours'
  ): Promise<RemoteTask> {
    requireName(ref)
    const wanted: WantedState = { is: 'detached', card: name }
    const found = await this.read(ref, stamp)
    const present = found?.instance.devices[name]
    if (!found || !present) return this.tasks.over(ref, wanted)
    if (whose === 'ours' && present[CARD_KEY] === undefined) {
      throw new DriverError('already_exists', `card ${name} of the instance is not ours`)
    }
    const devices = { ...record(found.whole.devices) }
    delete devices[name]
    const reply = await this.client.request('PUT', at('instances', ref), {
      headers: found.etag ? { 'if-match': found.etag } : {},
      body: { json: { ...found.whole, devices } },
    })
    return this.tasks.started(reply, ref, wanted)
  }

  private async read(ref: string, stamp: string) {
    const reply = await this.client.find(at('instances', ref))
    if (reply === null) {
      await this.client.requireProject()
      return null
    }
    const instance = parseInstance(reply.metadata)
    requireStamp(instance, stamp)
    return { instance, whole: record(reply.metadata), etag: reply.etag }
  }
}
