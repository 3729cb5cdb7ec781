import type Instance from '#models/instance'
import type Interface from '#models/interface'
import type Network from '#models/network'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { refusal } from '#transformers/instance_refusals'

/** Every card of an instance. Needs `Instance.forPage` and `addresses` with their pools. */
export function interfacesPage(
  instance: Instance,
  further: Interface[],
  choices: Network[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, 'interfaces')
  const path = `${frame.path}/interfaces`
  const [first] = instance.addresses
  return {
    frame,
    path,
    refusal: changeRefusal(instance, onlooker),
    networks: choices.map(({ name }) => name),
    cards: [
      {
        name: 'eth0',
        network: first?.addressPool.network ?? null,
        macAddress: instance.macAddress,
        addresses: instance.addresses.map(({ address }) => address),
        path: null,
      },
      ...further.map((card) => ({
        name: card.name,
        network: card.network.name,
        macAddress: card.macAddress,
        addresses: card.addresses.map(({ address }) => address),
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
      addresses: card.addresses.map(({ address }) => address),
      path: `${listPath}/${card.uid}`,
    },
  }
}

const changeRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, { role: 'operator', at: 'made', facet: 'interfaces' })
