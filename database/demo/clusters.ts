import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { parseCidr } from '#addressing/cidr'
import { parseList } from '#addressing/parse_list'
import { FakeCluster } from '#drivers/fake/cluster'
import AddressPool from '#models/address_pool'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Network from '#models/network'
import Plan, { type PlanFacts } from '#models/plan'

/** How to reach a real LXD: the file that `tests/labs/lxd/lxd-up` writes, or one like it. */
export type LxdSettings = {
  url: string
  fingerprint: string
  certificate: string
  privateKey: string
  bridge: string
  bridgeAddress: string
  /** A network beside the bridge, with its own addresses; null: it has none. */
  further: { name: string; address: string; address6: string } | null
}

/** Of the built-in driver, beside the one that instances are made on. */
export const PRIVATE = 'private'

const TITLES: Record<string, string> = {
  'debian-12': 'Debian 12',
  'tiny': 'Tiny (BusyBox)',
  'ubuntu-24.04': 'Ubuntu 24.04 LTS',
  'rockylinux-9': 'Rocky Linux 9',
}

/** Sizes of which a small machine carries several. */
const PLANS: Pick<PlanFacts, 'name' | 'description' | 'cpus' | 'memoryMib' | 'diskGib'>[] = [
  { name: 'xs', description: '试一试 · For a try', cpus: 1, memoryMib: 128, diskGib: 2 },
  { name: 's', description: '小网站 · A small site', cpus: 1, memoryMib: 512, diskGib: 5 },
  { name: 'm', description: '应用服务 <b>&</b> API', cpus: 2, memoryMib: 1024, diskGib: 10 },
  { name: 'l', description: '数据库 · A database', cpus: 2, memoryMib: 2048, diskGib: 20 },
]

/** `NAME=value` a line. @throws Error naming what is missing */
export async function readLxdSettings(file: string): Promise<LxdSettings> {
  const text = await readFile(file, 'utf8')
  const values = new Map(
    text.split('\n').map((line) => line.trim().split(/=(.*)/s).slice(0, 2) as [string, string])
  )
  const need = (name: string) => {
    const value = values.get(name)
    if (!value) throw new Error(`${file} does not say ${name}`)
    return value
  }
  return {
    url: need('LXD_URL'),
    fingerprint: need('LXD_SERVER_FINGERPRINT'),
    certificate: await readFile(need('LXD_CLIENT_CERT'), 'utf8'),
    privateKey: await readFile(need('LXD_CLIENT_KEY'), 'utf8'),
    bridge: need('LXD_BRIDGE'),
    bridgeAddress: need('LXD_BRIDGE_ADDR'),
    further: values.has('LXD_FURTHER_NETWORK')
      ? {
          name: need('LXD_FURTHER_NETWORK'),
          address: need('LXD_FURTHER_ADDR'),
          address6: need('LXD_FURTHER_ADDR6'),
        }
      : null,
  }
}

/** @throws Error with the cluster's own words when it cannot be used */
export async function lxdCluster(name: string, settings: LxdSettings): Promise<Cluster> {
  const { url, fingerprint, certificate, privateKey, bridge, further } = settings
  const cluster =
    (await Cluster.findBy('liveName', name)) ??
    (await Cluster.add({ name, driver: 'lxd', endpoint: url }))
  await cluster.pin(fingerprint)
  if (cluster.credentials().certificate !== certificate) {
    await cluster.keepKeyPair({ certificate, privateKey })
  }
  const networks = [bridge, ...(further ? [further.name] : [])]
  await cluster.change({
    endpoint: url,
    settings: { ...cluster.settings, storagePool: 'default', networks },
  })
  await synced(cluster)
  const network = `${settings.bridgeAddress.replace(/\.\d+$/, '')}.0/24`
  await pool(cluster, bridge, network, settings.bridgeAddress, [100, 199])
  if (further) {
    const { name: other, address, address6 } = further
    await furtherNetwork(cluster, other, [
      { cidr: `${address.replace(/\.\d+$/, '')}.0/24`, gateway: address },
      { cidr: `${address6.replace(/::.*$/, '')}::/64`, gateway: address6 },
    ])
  }
  await offerImages(cluster)
  return cluster
}

/** A cluster of the built-in driver, kept in a file; with a pool that is nearly full once there is history. */
export async function fakeCluster(name: string, file: string): Promise<Cluster> {
  const endpoint = `fake:${file}`
  if (!existsSync(file)) {
    const fake = FakeCluster.create(endpoint)
    fake.addNetwork(PRIVATE)
    fake.close()
  }
  const cluster =
    (await Cluster.findBy('liveName', name)) ??
    (await Cluster.add({ name, driver: 'fake', endpoint, settings: { storagePool: 'default' } }))
  await synced(cluster)
  await pool(cluster, 'edge', '10.99.1.0/24', '10.99.0.1', [10, 16])
  await pool(cluster, 'inner', '10.99.2.0/24', '10.99.0.1', [10, 199])
  await furtherNetwork(cluster, PRIVATE, [
    { cidr: '10.98.0.0/24', gateway: null },
    { cidr: 'fd98::/64', gateway: null },
  ])
  await offerImages(cluster)
  return cluster
}

export const fakeFileIn = (folder: string, name: string) => join(folder, `${name}.sqlite`)

export async function plansOn(clusters: Cluster[]): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const [index, size] of PLANS.entries()) {
    const facts: PlanFacts = {
      ...size,
      kind: 'container',
      ingressMbps: null,
      egressMbps: null,
      trafficGib: null,
      trafficAction: 'none',
      throttleMbps: 1,
      snapshotLimit: 3,
      portForwardLimit: 5,
      position: index,
    }
    const plan = (await Plan.findBy('name', size.name)) ?? (await Plan.add(facts, clusters))
    await plan.related('clusters').sync(
      clusters.map(({ id }) => id),
      false
    )
    plans.push(plan)
  }
  return plans
}

async function synced(cluster: Cluster): Promise<void> {
  const result = await cluster.sync()
  if (result.outcome === 'failed') {
    throw new Error(`${cluster.name} at ${cluster.endpoint}: ${result.error} (${result.errorKind})`)
  }
  await cluster.open()
}

async function pool(
  cluster: Cluster,
  name: string,
  cidr: string,
  gateway: string,
  [first, last]: [number, number]
): Promise<void> {
  const known = await AddressPool.query().where({ cluster_id: cluster.id, name }).first()
  if (known) return
  const network = cluster.settings.networks?.[0] ?? 'lxdbr0'
  const prefix = cidr.replace(/\.\d+\/\d+$/, '')
  const isInside = gateway.startsWith(`${prefix}.`)
  const { ranges } = parseList(`${prefix}.${first}-${prefix}.${last}`, parseCidr(cidr)!)
  await AddressPool.define(
    cluster,
    { name, cidr, gateway: isInside ? gateway : `${prefix}.1`, network, nameservers: null },
    { included: ranges, excluded: [] }
  )
}

/** A network that instances may be plugged into beside the one they are made on, with a pool of each family. */
async function furtherNetwork(
  cluster: Cluster,
  name: string,
  subnets: { cidr: string; gateway: string | null }[]
): Promise<void> {
  const network = await Network.query().where({ clusterId: cluster.id, name }).first()
  if (network?.purpose !== 'first') return
  for (const { cidr, gateway } of subnets) {
    const { family } = parseCidr(cidr)!
    const facts = { name: `${name}-ipv${family}`, cidr, gateway, network: name, nameservers: null }
    const known = await AddressPool.query()
      .where({ clusterId: cluster.id, name: facts.name })
      .first()
    if (!known) await AddressPool.define(cluster, facts, { included: [], excluded: [] })
  }
  await network.serve('further')
}

/** Those that have a title here; the others are there to try it with. */
async function offerImages(cluster: Cluster): Promise<void> {
  const images = await Image.query()
    .where('cluster_id', cluster.id)
    .whereNull('missing_since')
    .orderBy('name')
  if (images.some(({ offeredAt }) => offeredAt)) return
  for (const image of images) {
    const title = TITLES[image.name] ?? TITLES[image.ref]
    if (!title) continue
    await image.rename(title)
    await image.offer()
  }
}
