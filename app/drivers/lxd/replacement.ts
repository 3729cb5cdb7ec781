import type { RemoteTask, ReplacementApi, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { at, type LxdClient } from '#drivers/lxd/client'
import {
  cardsOf,
  parseInstance,
  requireStamp,
  retiredCards,
  RETIRED_KEY,
  type LxdDevices,
} from '#drivers/lxd/instance'
import type { LxdTasks } from '#drivers/lxd/tasks'

/** A card that is not there, also where a profile would give one. */
const NONE = { type: 'none' }

/** What an instance had as cards is written on itself while it is without them. */
export class LxdReplacement implements ReplacementApi {
  constructor(
    private readonly client: LxdClient,
    private readonly tasks: LxdTasks
  ) {}

  async retire(ref: string, stamp: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'retired' }
    const found = await this.find(ref, stamp)
    if (found === null || retiredCards(found.instance) !== null) return this.tasks.over(ref, wanted)
    if (found.instance.status !== 'Stopped') {
      throw new DriverError('invalid', 'an instance that runs cannot be without its network card')
    }
    const cards = cardsOf(found.instance)
    const none = Object.fromEntries(Object.keys(cards).map((name) => [name, NONE]))
    return this.change(ref, found.etag, wanted, JSON.stringify(cards), none)
  }

  async recall(ref: string, stamp: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'recalled' }
    const found = await this.find(ref, stamp)
    const cards = found && retiredCards(found.instance)
    if (!cards) return this.tasks.over(ref, wanted)
    return this.change(ref, found.etag, wanted, '', cards)
  }

  private async find(ref: string, stamp: string) {
    const reply = await this.client.find(at('instances', ref))
    if (reply === null) {
      await this.client.requireProject()
      return null
    }
    const instance = parseInstance(reply.metadata)
    requireStamp(instance, stamp)
    return { instance, etag: reply.etag }
  }

  private async change(
    ref: string,
    etag: string | null,
    wanted: WantedState,
    kept: string,
    devices: LxdDevices
  ): Promise<RemoteTask> {
    const reply = await this.client.request('PATCH', at('instances', ref), {
      headers: etag ? { 'if-match': etag } : {},
      body: { json: { config: { [RETIRED_KEY]: kept }, devices } },
    })
    return this.tasks.started(reply, ref, wanted)
  }
}
