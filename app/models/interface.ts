import { DateTime } from 'luxon'
import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { InterfaceSchema } from '#database/schema'
import type { CardSpec, IpFamily } from '#drivers/contract'
import { NetworkNotOffered, NotPossibleNow, TooManyInterfaces } from '#exceptions/domain_error'
import Address from '#models/address'
import AddressPool from '#models/address_pool'
import { requireFacet } from '#models/facets'
import Instance, { type DeedOrder } from '#models/instance'
import Network from '#models/network'
import type Operation from '#models/operation'
import Quota from '#models/quota'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'

/** Beside eth0. */
export const MAXIMUM_INTERFACES = 7

/** A network it may be plugged into, with the families of which it would get an address. */
export type NetworkChoice = { network: Network; families: IpFamily[] }

export type AttachOrder = DeedOrder & { network: Pick<Network, 'name'> }

/** A network card beside the one an instance was made with, on another network of its cluster. */
export default class Interface extends compose(InterfaceSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => Network)
  declare network: BelongsTo<typeof Network>

  @hasMany(() => Address)
  declare addresses: HasMany<typeof Address>

  @beforeCreate()
  static assignUid(row: Interface) {
    row.uid ??= newUid('e')
  }

  /** With networks and addresses, as they stand in the guest. */
  static ofInstance({ id }: Pick<Instance, 'id'>): Promise<Interface[]> {
    return Interface.query()
      .where('instance_id', id)
      .preload('network')
      .preload('addresses', (addresses) => addresses.preload('addressPool').orderBy('family'))
      .orderBy('name')
      .exec()
  }

  /** @throws E_ROW_NOT_FOUND */
  static of(instance: Instance, uid: string): Promise<Interface> {
    return Interface.query()
      .where('instance_id', instance.id)
      .where('uid', uid)
      .preload('network')
      .preload('addresses', (addresses) => addresses.orderBy('family'))
      .firstOrFail()
  }

  /** Further networks of its cluster that have open pools and that it is not on yet. */
  static async choices(
    instance: Instance,
    client?: TransactionClientContract
  ): Promise<NetworkChoice[]> {
    const networks = await Network.query({ client })
      .where('cluster_id', instance.clusterId)
      .whereIn('purpose', ['further', 'both'])
      .whereNull('missing_since')
      .orderBy('name')
    const pools = await AddressPool.query({ client })
      .where('cluster_id', instance.clusterId)
      .whereNull('closed_at')
    const taken = new Set(await networkNamesOf(instance, client))
    return networks
      .filter(({ name }) => !taken.has(name))
      .map((network) => ({ network, families: familiesOf(pools, network.name) }))
      .filter(({ families }) => families.length > 0)
  }

  /**
   * Plugs an instance into a further network. The card and the quota of its addresses are held at once; the addresses
   * themselves are leased by the operation.
   * @throws ClusterCannot, NetworkNotOffered, TooManyInterfaces, QuotaExceeded, InstanceSuspended, InstanceBusy,
   * NotPossibleNow
   */
  static async attach(
    instance: Instance,
    { network, by, requestKey }: AttachOrder
  ): Promise<Operation> {
    if (!instance.isProvisioned || instance.missingSince !== null) throw new NotPossibleNow()
    await requireFacet(instance, 'interfaces')
    const order = { type: 'instance.attach_network' as const, requestedBy: by, requestKey }
    return instance.begin(order, async (trx) => {
      await instance.refuseSuspended(trx)
      const choices = await Interface.choices(instance, trx)
      const choice = choices.find((offered) => offered.network.name === network.name)
      if (!choice) throw new NetworkNotOffered()
      const { families } = choice
      const row = await Interface.create(
        {
          organizationId: instance.organizationId,
          instanceId: instance.id,
          networkId: choice.network.id,
          name: await freeName(instance, trx),
        },
        { client: trx }
      )
      const { organizationId } = instance
      await Quota.take(organizationId, row.quotaSubject, { addresses: families.length }, trx)
      return { interfaceId: row.id, network: network.name, families }
    })
  }

  /** Unplugs it; its addresses go back. @throws InstanceSuspended, InstanceBusy, NotPossibleNow */
  detach(this: Interface, instance: Instance, { by, requestKey }: DeedOrder): Promise<Operation> {
    const input = { interfaceId: this.id, network: this.network.name }
    const order = { type: 'instance.detach_network' as const, input, requestedBy: by, requestKey }
    return instance.begin(order, async (trx) => {
      await instance.refuseSuspended(trx)
      const row = await trx.from('interfaces').where('id', this.id).first()
      if (!row) throw new NotPossibleNow()
    })
  }

  /** The cluster has it. */
  static async attached(id: number, trx: TransactionClientContract): Promise<void> {
    const now = sqlTime(DateTime.utc())
    await trx.from('interfaces').where('id', id).update({ attached_at: now })
    await trx.from('addresses').where('interface_id', id).update({ assigned_at: now })
  }

  /** The cluster does not have it, or not any more. */
  static async release(ids: number[], trx: TransactionClientContract): Promise<void> {
    for (const id of ids) {
      await trx.from('addresses').where('interface_id', id).delete()
      await Quota.giveBack(`interface-${id}`, trx)
      await trx.from('interfaces').where('id', id).delete()
    }
  }

  /** They went with their instance. */
  static async forgetAll(
    { id }: Pick<Instance, 'id'>,
    trx: TransactionClientContract
  ): Promise<void> {
    const rows = await trx.from('interfaces').where('instance_id', id).select('id')
    await Interface.release(
      rows.map((row) => Number(row.id)),
      trx
    )
  }

  /** What its driver is told. Needs `network` and `addresses` with their pools. */
  get card(): CardSpec {
    return {
      name: this.name,
      network: this.network.name,
      macAddress: this.macAddress!,
      addresses: this.addresses.map(({ family, address, addressPool }) => ({
        family,
        address,
        prefixLength: addressPool.prefixLength,
        gateway: addressPool.gateway,
      })),
    }
  }

  get quotaSubject(): string {
    return `interface-${this.id}`
  }
}

/** Open ones, in the order in which they are asked. */
export function poolsOf(
  { clusterId }: Pick<Instance, 'clusterId'>,
  network: string,
  trx?: TransactionClientContract
): Promise<AddressPool[]> {
  return AddressPool.query({ client: trx })
    .where({ clusterId, network })
    .whereNull('closed_at')
    .orderBy('id')
    .exec()
}

/** Its first network and the further ones. */
async function networkNamesOf(
  { id }: Pick<Instance, 'id'>,
  client?: TransactionClientContract
): Promise<string[]> {
  const addresses = await Address.query({ client }).where('instance_id', id).preload('addressPool')
  const further = await Interface.query({ client }).where('instance_id', id).preload('network')
  return [
    ...addresses.map(({ addressPool }) => addressPool.network),
    ...further.map(({ network }) => network.name),
  ]
}

function familiesOf(pools: AddressPool[], name: string): IpFamily[] {
  const suited = pools.filter(({ network }) => network === name)
  return [...new Set(suited.map(({ family }) => family as IpFamily))].toSorted()
}

async function freeName({ id }: Instance, trx: TransactionClientContract): Promise<string> {
  const rows = await trx.from('interfaces').where('instance_id', id).select('name')
  const taken = new Set(rows.map(({ name }) => name as string))
  const names = Array.from({ length: MAXIMUM_INTERFACES }, (_, index) => `eth${index + 1}`)
  const free = names.find((name) => !taken.has(name))
  if (!free) throw new TooManyInterfaces({ maximum: MAXIMUM_INTERFACES })
  return free
}
