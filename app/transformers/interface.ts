import type { IpFamily } from '#drivers/contract'
import type Instance from '#models/instance'
import type Address from '#models/address'
import type Interface from '#models/interface'
import { MAXIMUM_INTERFACES, type NetworkChoice } from '#models/interface'
import type Operation from '#models/operation'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { refusal } from '#transformers/instance_refusals'

export type InterfaceState = 'attached' | 'attaching' | 'detaching'

/** Every card of an instance. Needs `Instance.forPage` and `addresses` with their pools. */
export function interfacesPage(
  instance: Instance,
  further: Interface[],
  choices: NetworkChoice[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, 'interfaces')
  const path = `${frame.path}/interfaces`
  const isFull = further.length >= MAXIMUM_INTERFACES
  return {
    frame,
    path,
    refusal: changeRefusal(instance, onlooker),
    isFull,
    furtherCount: further.length,
    maximum: MAXIMUM_INTERFACES,
    networks: choices.map(({ network, families }) => ({
      name: network.name,
      families: families.map((family) => `IPv${family}`).join(' + '),
    })),
    cards: [
      {
        name: 'eth0',
        network: instance.addresses[0]?.addressPool.network ?? null,
        macAddress: instance.macAddress,
        ...byFamily(instance.addresses),
        state: 'attached' as InterfaceState,
        path: null,
      },
      ...further.map((card) => ({
        name: card.name,
        network: card.network.name,
        macAddress: card.macAddress,
        ...byFamily(card.addresses),
        state: interfaceState(card, instance.openOperation),
        path: `${path}/${card.uid}`,
      })),
    ],
  }
}

export function interfacePage(instance: Instance, card: Interface, onlooker: Onlooker) {
  const frame = instanceFrame(instance, onlooker, 'interfaces')
  const listPath = `${frame.path}/interfaces`
  return {
    frame,
    listPath,
    refusal: changeRefusal(instance, onlooker),
    card: {
      name: card.name,
      network: card.network.name,
      macAddress: card.macAddress,
      ...byFamily(card.addresses),
      path: `${listPath}/${card.uid}`,
    },
  }
}

/** `open`: the operation that is open on its instance. */
export function interfaceState(
  { id, attachedAt }: Pick<Interface, 'id' | 'attachedAt'>,
  open: Pick<Operation, 'type' | 'input'> | null
): InterfaceState {
  if (attachedAt === null) return 'attaching'
  const isLeaving = open?.type === 'instance.detach_network' && open.input.interfaceId === id
  return isLeaving ? 'detaching' : 'attached'
}

function byFamily(addresses: Address[]) {
  const of = (wanted: IpFamily) =>
    addresses.filter(({ family }) => family === wanted).map(({ address }) => address)
  return { ipv4: of(4), ipv6: of(6) }
}

const changeRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, { role: 'operator', at: 'made', facet: 'interfaces' })
