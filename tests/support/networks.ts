import { DateTime } from 'luxon'
import AddressPool from '#models/address_pool'
import AddressRange from '#models/address_range'
import type Instance from '#models/instance'
import Interface from '#models/interface'
import Network from '#models/network'
import { Tenant } from '#models/concerns/tenant'
import { parseAddress } from '#addressing/address'
import type { TestCluster } from '#tests/support/world'

/** One more network of a fake cluster, on offer, with addresses of its own. */
export async function furtherNetwork(
  { cluster, fake }: Pick<TestCluster, 'cluster' | 'fake'>,
  name = 'private'
): Promise<Network> {
  fake.addNetwork(name)
  const pool = await AddressPool.create({
    clusterId: cluster.id,
    name: `pool-${name}`,
    family: 4,
    cidr: '10.98.0.0/24',
    gateway: null,
    network: name,
    nameservers: '',
  })
  await AddressRange.create({
    addressPoolId: pool.id,
    firstKey: parseAddress('10.98.0.10')!.key,
    lastKey: parseAddress('10.98.0.250')!.key,
  })
  return Network.create({
    clusterId: cluster.id,
    name,
    type: 'bridge',
    managed: true,
    ipv4: null,
    ipv6: null,
    syncedAt: DateTime.utc(),
    missingSince: null,
    offeredAt: DateTime.utc(),
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
