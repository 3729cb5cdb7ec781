import type { FoundCard, InspectApi, InspectedGuest, SpecAddress } from '#drivers/contract'
import { notOurs } from '#drivers/proxmox/errors'
import {
  addressKeys,
  assignedTo,
  cardOf,
  cardText,
  networkOf,
  requireStamp,
  restamped,
  toRemoteInstance,
  type ProxmoxGuest,
} from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

const ADDRESS_KEYS = ['ip', 'gw', 'ip6', 'gw6']

export class ProxmoxInspect implements InspectApi {
  constructor(
    private readonly all: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks
  ) {}

  /** Limits and addresses stand in each guest's configuration only: one question a node, and one a guest. */
  async guests(): Promise<InspectedGuest[]> {
    const guests = await Array.fromAsync(this.all.all())
    return guests.map((guest) => ({
      ...toRemoteInstance(guest, guest.isRunning ? assignedTo(guest) : []),
      assigned: assignedTo(guest),
      network: networkOf(cardOf(guest.config)),
      cards: foundCards(guest),
      image: null,
      createdAt: null,
    }))
  }

  async restamp(ref: string, from: string | null, to: string | null): Promise<void> {
    const guest = await this.all.readOrFail(ref)
    if (guest.stamp === to) return
    if (guest.stamp !== from) throw notOurs(ref)
    await this.tasks.configure(guest, tagChanges(restamped(guest.tags, to)))
  }

  async assign(ref: string, stamp: string, addresses: SpecAddress[]): Promise<void> {
    const guest = await this.all.readOrFail(ref)
    requireStamp(guest, stamp)
    const card = cardOf(guest.config)
    for (const key of ADDRESS_KEYS) card.delete(key)
    for (const [key, value] of Object.entries(addressKeys(addresses))) card.set(key, value)
    await this.tasks.configure(guest, { net0: cardText(card) })
  }
}

/** Beside the first; none of them is Portico's. */
function foundCards({ config }: ProxmoxGuest): FoundCard[] {
  return Object.keys(config)
    .filter((name) => /^net[1-9]\d*$/.test(name))
    .map((name) => {
      const card = cardOf({ net0: config[name]! })
      return {
        name,
        network: networkOf(card),
        macAddress: card.get('hwaddr')?.toLowerCase() ?? null,
        addresses: ['ip', 'ip6'].flatMap((key) => {
          const [address] = (card.get(key) ?? '').split('/')
          return address && /[.:]/.test(address) ? [address] : []
        }),
        isOurs: false,
      }
    })
}

/** No tags at all are none to send. */
function tagChanges(tags: string) {
  return tags === '' ? { delete: 'tags' } : { tags }
}
