import { DateTime } from 'luxon'
import type { IpFamily } from '#drivers/contract'
import AddressPool from '#models/address_pool'
import AddressRange from '#models/address_range'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import Interface from '#models/interface'
import Network from '#models/network'
import { Tenant } from '#models/concerns/tenant'
import { parseAddress } from '#addressing/address'
import type { TestCluster } from '#tests/support/world'

const SUBNETS: Record<IpFamily, { cidr: string; first: string; last: string }> = {
  4: { cidr: '10.98.0.0/24', first: '10.98.0.10', last: '10.98.0.250' },
  6: { cidr: 'fd42:98::/64', first: 'fd42:98::10', last: 'fd42:98::ffff' },
}

/** One more network of a fake cluster, on offer, with addresses of its own. */
export async function furtherNetwork(
  { cluster, fake }: Pick<TestCluster, 'cluster' | 'fake'>,
  { name = 'private', families = [4] }: { name?: string; families?: IpFamily[] } = {}
): Promise<Network> {
  fake.addNetwork(name)
  for (const family of families) await poolOn(cluster, name, family)
  return Network.create({
    clusterId: cluster.id,
    name,
    type: 'bridge',
    managed: true,
    ipv4: null,
    ipv6: null,
    syncedAt: DateTime.utc(),
    missingSince: null,
    purpose: 'further',
  })
}

async function poolOn({ id }: Pick<Cluster, 'id'>, network: string, family: IpFamily) {
  const { cidr, first, last } = SUBNETS[family]
  const pool = await AddressPool.create({
    clusterId: id,
    name: `pool-${network}-${family}`,
    family,
    cidr,
    gateway: null,
    network,
    nameservers: '',
  })
  await AddressRange.create({
    addressPoolId: pool.id,
    firstKey: parseAddress(first)!.key,
    lastKey: parseAddress(last)!.key,
  })
}

/** A row of a further card, whose network the cluster does not know. */
export async function furtherCard(
  instance: Pick<Instance, 'id' | 'organizationId' | 'clusterId'>
): Promise<Interface> {
  const network = await Network.create({
    clusterId: instance.clusterId,
    name: 'elsewhere',
    type: 'bridge',
    managed: true,
    syncedAt: DateTime.utc(),
  })
  const { id: instanceId, organizationId } = instance
  return Tenant.run(organizationId, () =>
    Interface.create({
      organizationId,
      instanceId,
      networkId: network.id,
      name: 'eth1',
      macAddress: '02:16:00:00:00:11',
      attachedAt: DateTime.utc(),
    })
  )
}
