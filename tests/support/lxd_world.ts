import { randomUUID } from 'node:crypto'
import { parseAddress } from '#addressing/address'
import AddressPool from '#models/address_pool'
import AddressRange from '#models/address_range'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Network from '#models/network'
import Plan from '#models/plan'
import type { LxdLabNode } from '#tests/support/lxd_lab'

/** A node of the lab as a cluster of Portico, open for orders, with a small plan and the addresses from `first` to `last` of its /24. */
export async function lxdCluster(
  node: LxdLabNode,
  [first, last]: [number, number],
  imageName = 'tiny'
) {
  const id = randomUUID().slice(0, 8)
  const cluster = new Cluster()
  cluster.merge({
    name: `lxd-${node.number}-${id}`,
    driver: 'lxd',
    endpoint: node.url,
    tlsFingerprint: node.fingerprint,
    settings: { storagePool: 'default' },
    status: 'unknown',
    maxParallelOperations: 20,
  })
  cluster.setCredentials(node.connection().credentials)
  await cluster.save()
  await cluster.sync()
  const image = await Image.query()
    .where('cluster_id', cluster.id)
    .where('name', imageName)
    .firstOrFail()
  await image.offer()
  const plan = await Plan.create({
    name: `small-${id}`,
    kind: 'container',
    cpus: 1,
    memoryMib: 128,
    diskGib: 1,
    ingressMbps: 50,
    egressMbps: 50,
    position: 1,
  })
  await cluster.related('plans').attach([plan.id])
  const network = node.gateway.replace(/\d+$/, '')
  const pool = await AddressPool.create({
    clusterId: cluster.id,
    name: 'instances',
    family: 4,
    cidr: `${network}0/24`,
    gateway: node.gateway,
    network: node.bridge,
    nameservers: node.gateway,
  })
  await AddressRange.create({
    addressPoolId: pool.id,
    firstKey: parseAddress(`${network}${first}`)!.key,
    lastKey: parseAddress(`${network}${last}`)!.key,
  })
  return { cluster, image, plan, pool }
}

/** The node's second network as one for further cards, with a free address of each family. */
export async function lxdFurtherNetwork(node: LxdLabNode, cluster: Cluster): Promise<Network> {
  const { network: name, addresses } = await node.furtherCard()
  const network = await Network.query().where({ clusterId: cluster.id, name }).firstOrFail()
  for (const { family, address, prefixLength, gateway } of addresses) {
    const { key } = parseAddress(address)!
    const pool = await AddressPool.create({
      clusterId: cluster.id,
      name: `further-${family}`,
      family,
      cidr: `${gateway!.replace(/1$/, family === 4 ? '0' : '')}/${prefixLength}`,
      gateway,
      network: name,
      nameservers: '',
    })
    await AddressRange.create({ addressPoolId: pool.id, firstKey: key, lastKey: key })
  }
  await network.serve('further')
  return network
}
