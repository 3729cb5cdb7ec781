import { macFor } from '#addressing/mac'
import type { IpFamily } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { NoFreeAddress } from '#exceptions/domain_error'
import Address from '#models/address'
import { type default as AddressPool, AlreadyLeased } from '#models/address_pool'
import Interface, { poolsOf } from '#models/interface'
import { defineOperation, type StepContext } from '#operations/definition'
import { plug, unplug } from '#operations/steps/interfaces'

export type AttachNetwork = { interfaceId: number; network: string; families: IpFamily[] }

type Context = StepContext<AttachNetwork>

/** One address of each family that the network has pools for, and a card that carries them. */
export default defineOperation<AttachNetwork>({
  type: 'instance.attach_network',
  steps: [
    { name: 'reserve_address', run: reserve, undo: release },
    { name: 'attach', run: attach, undo: detach },
  ],
  async close({ operation }, ending, trx) {
    const { interfaceId } = operation.input as AttachNetwork
    if (ending === 'succeeded') await Interface.attached(interfaceId, trx)
    else await Interface.release([interfaceId], trx)
  },
})

async function reserve({ input, instance }: Context) {
  const { interfaceId, network, families } = input
  const pools = await poolsOf(instance, network)
  for (const family of families) {
    const held = await Address.query().where({ interfaceId, family }).first()
    if (!held)
      await lease(
        instance,
        interfaceId,
        pools.filter((pool) => pool.family === family)
      )
  }
  const [first] = await Address.query().where({ interfaceId }).orderBy('family')
  const card = await Interface.findOrFail(interfaceId)
  // From the address, as of the first card; of an IPv6 address its last part tells it from others.
  if (first) await card.merge({ macAddress: macFor(first.addressKey) }).save()
}

async function lease(instance: Context['instance'], interfaceId: number, pools: AddressPool[]) {
  for (const pool of pools) {
    try {
      await pool.lease(instance, interfaceId)
      return
    } catch (error) {
      // By a runner that was thought dead: that is the one it has, then.
      if (error instanceof AlreadyLeased) return
      if (!(error instanceof NoFreeAddress)) throw error
    }
  }
  throw new DriverError('out_of_capacity', 'the network has no free address left')
}

async function release({ input }: Context) {
  await Address.query().where('interface_id', input.interfaceId).delete()
}

async function attach(context: Context) {
  const card = await Interface.findOrFail(context.input.interfaceId)
  await plug(context, card)
}

async function detach(context: Context) {
  const card = await Interface.findOrFail(context.input.interfaceId)
  await unplug(context, card)
}
