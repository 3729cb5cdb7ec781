import type { Size, SpecAddress } from '#drivers/contract'
import Address from '#models/address'
import ConsoleSession from '#models/console_session'
import AddressPool from '#models/address_pool'
import type Instance from '#models/instance'
import DriftFinding from '#models/drift_finding'
import type { RepairOrder } from '#models/instance_repair'
import type { DriftKind } from '#models/types'
import { contains, parseCidr } from '#addressing/cidr'
import { parseAddress } from '#addressing/address'
import { defineOperation, type StepContext } from '#operations/definition'
import { inspectOf } from '#operations/steps/inspect'
import { plugExactly } from '#operations/steps/interfaces'
import { observe, remoteOrFail, start, stopFirmly } from '#operations/steps/power'

type Context = StepContext<RepairOrder>

/** Puts back what somebody changed in the cluster; what was not asked for is passed over. */
export default defineOperation<RepairOrder>({
  type: 'instance.repair',
  steps: [
    { name: 'repair_limits', run: repairLimits, undo: limitAsFound },
    { name: 'repair_addresses', run: repairAddresses, undo: addressAsFound },
    // What was put right stays so: taking it back would be one more change that nobody asked for.
    { name: 'repair_cards', run: repairCards },
    { name: 'repair_power', run: repairPower },
    { name: 'observe', run: observe },
  ],
  async close({ operation, instance }, ending, trx) {
    if (ending !== 'succeeded') return
    const { limits, addresses, cards, power } = operation.input as RepairOrder
    const kinds: DriftKind[] = []
    if (limits) kinds.push('limits')
    if (addresses) kinds.push('addresses')
    if (cards) kinds.push('cards')
    if (power) kinds.push('power')
    await DriftFinding.settle(instance, kinds, trx)
  },
})

async function repairLimits(context: Context) {
  if (context.input.limits) await resize(context, context.instance.size)
}

async function limitAsFound(context: Context) {
  const { limits } = context.input
  if (limits) await resize(context, limits.found)
}

/** A disk only grows, and one without a limit keeps having none. */
async function resize(context: Context, wanted: Size) {
  const { instance, driver, settle } = context
  const { size } = await remoteOrFail(context)
  const diskGib = size.diskGib === 0 ? 0 : Math.max(size.diskGib, wanted.diskGib)
  await settle(await driver.instances.resize(instance.ref, { ...wanted, diskGib }))
}

/** The guest takes them when it starts, so one that runs with others is started again. */
async function repairAddresses(context: Context) {
  const { input, instance, driver, settle, signal } = context
  if (!input.addresses) return
  const leased = await Address.query()
    .where('instance_id', instance.id)
    .whereNull('interface_id')
    .preload('addressPool')
    .orderBy('family')
  const wanted = leased.map(({ family, address, addressPool }) => ({
    family,
    address,
    prefixLength: addressPool.prefixLength,
    gateway: addressPool.gateway,
  }))
  await inspectOf(driver).assign(instance.ref, instance.uid, wanted)
  const { power, addresses } = await remoteOrFail(context)
  const carried = new Set(addresses.map(({ address }) => address))
  if (power === 'running' && !wanted.every(({ address }) => carried.has(address))) {
    await ConsoleSession.letGo(instance, signal)
    await settle(await driver.instances.power(instance.ref, 'restart'))
  }
}

async function addressAsFound({ input, instance, driver }: Context) {
  if (!input.addresses) return
  const found = await asSpec(instance, input.addresses.found)
  await inspectOf(driver).assign(instance.ref, instance.uid, found)
}

/** What was found belongs to a pool of the cluster, or is an address of the guest's own that nobody assigned. */
async function asSpec(instance: Instance, addresses: string[]): Promise<SpecAddress[]> {
  const pools = await AddressPool.query().where('cluster_id', instance.clusterId).orderBy('id')
  const families = new Set<number>()
  return addresses.flatMap((address) => {
    const { family, key } = parseAddress(address)!
    const pool = pools.find(({ cidr }) => {
      const network = parseCidr(cidr)!
      return network.family === family && contains(network, key)
    })
    if (!pool || families.has(family)) return []
    families.add(family)
    const { prefixLength, gateway } = pool
    return [{ family, address, prefixLength, gateway }]
  })
}

async function repairCards(context: Context) {
  if (context.input.cards) await plugExactly(context)
}

async function repairPower(context: Context) {
  if (context.input.power === 'start') await start(context)
  else if (context.input.power) await stopFirmly(context)
}
