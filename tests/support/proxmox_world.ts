import { randomUUID } from 'node:crypto'
import { parseAddress } from '#addressing/address'
import AddressPool from '#models/address_pool'
import AddressRange from '#models/address_range'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Plan from '#models/plan'
import type { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'

export const TEMPLATE = 'local:vztmpl/debian-12-standard_12.11-1_amd64.tar.zst'

/** A simulated cluster as one of Portico's, open for orders: a plan, an image and a pool of addresses. */
export async function proxmoxCluster(
  simulator: ProxmoxSimulator,
  settings: Record<string, unknown> = {}
) {
  const id = randomUUID().slice(0, 8)
  const cluster = new Cluster()
  cluster.merge({
    name: `pve-${id}`,
    driver: 'proxmox',
    endpoint: simulator.endpoint,
    tlsFingerprint: simulator.fingerprint,
    settings: {
      storagePool: 'tank',
      stopSeconds: 2,
      firstVmid: 5_000,
      lastVmid: 5_099,
      ...settings,
    },
    status: 'unknown',
    maxParallelOperations: 50,
  })
  cluster.setCredentials({ tokenId: simulator.tokenId, tokenSecret: simulator.token })
  await cluster.save()
  await cluster.sync()
  await cluster.test()
  const image = await Image.query()
    .where('cluster_id', cluster.id)
    .where('ref', TEMPLATE)
    .firstOrFail()
  await image.offer()
  const plan = await Plan.create({
    name: `pve-small-${id}`,
    kind: 'container',
    cpus: 1,
    memoryMib: 512,
    diskGib: 4,
    ingressMbps: 100,
    egressMbps: 100,
    snapshotLimit: 3,
    portForwardLimit: 5,
    position: 1,
  })
  await cluster.related('plans').attach([plan.id])
  const pool = await AddressPool.create({
    clusterId: cluster.id,
    name: 'instances',
    family: 4,
    cidr: '10.250.0.0/16',
    gateway: '10.250.80.1',
    network: 'vmbr0',
    nameservers: '10.250.80.1',
  })
  await AddressRange.create({
    addressPoolId: pool.id,
    firstKey: parseAddress('10.250.81.1')!.key,
    lastKey: parseAddress('10.250.81.250')!.key,
  })
  return { cluster, image, plan, pool }
}
