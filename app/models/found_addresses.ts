import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { parseAddress } from '#addressing/address'
import { contains, parseCidr } from '#addressing/cidr'
import type { IpFamily } from '#drivers/contract'
import { AddressLeased } from '#exceptions/domain_error'
import Address from '#models/address'
import AddressPool from '#models/address_pool'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'

/** An address that a guest has already, with the pool it belongs to. */
export type FoundAddress = { family: IpFamily; address: string; pool: AddressPool }

/**
 * The first address of each family that belongs to a pool of the cluster. Its pool is widened by it where that
 * is needed: what an instance has belongs to what the pool may lease, or the pool could not be changed any more.
 */
export async function leasable(
  cluster: Pick<Cluster, 'id'>,
  held: { family: IpFamily; address: string }[]
): Promise<FoundAddress[]> {
  const pools = await AddressPool.query().where('cluster_id', cluster.id).orderBy('id')
  const found: FoundAddress[] = []
  for (const { family, address } of held) {
    const pool = poolFor(pools, family, address)
    if (!pool || found.some((other) => other.family === family)) continue
    const { key } = parseAddress(address)!
    await pool.addAddresses([{ firstKey: key, lastKey: key }])
    found.push({ family, address, pool })
  }
  return found
}

/** Leases exactly these to the instance, as in use already. */
export async function leaseFound(
  instance: Instance,
  found: FoundAddress[],
  trx: TransactionClientContract
): Promise<void> {
  for (const { family, address, pool } of found) {
    await Address.create(
      {
        organizationId: instance.organizationId,
        instanceId: instance.id,
        clusterId: instance.clusterId,
        addressPoolId: pool.id,
        family,
        address,
        addressKey: parseAddress(address)!.key,
        assignedAt: DateTime.utc(),
      },
      { client: trx }
    )
  }
}

/** @throws AddressLeased when it was that which the unique key refused */
export async function refuseLeased(
  cluster: Pick<Cluster, 'id'>,
  found: FoundAddress[],
  cause: unknown
): Promise<void> {
  const taken = await db
    .from('addresses')
    .where('cluster_id', cluster.id)
    .whereIn(
      'address_key',
      found.map(({ address }) => parseAddress(address)!.key)
    )
    .select('address')
    .first()
  if (taken) throw new AddressLeased({ address: taken.address }, { cause })
}

function poolFor(pools: AddressPool[], family: IpFamily, address: string): AddressPool | null {
  const parsed = parseAddress(address)
  if (!parsed) return null
  const mine = pools.filter((pool) => pool.family === family)
  return mine.find(({ cidr }) => contains(parseCidr(cidr)!, parsed.key)) ?? null
}
