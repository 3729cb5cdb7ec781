import type { Assert } from '@japa/assert'
import db from '@adonisjs/lucid/services/db'
import type { RemoteInstance } from '#drivers/contract'
import type { FakeCluster } from '#drivers/fake/cluster'
import type { FakeOptions } from '#drivers/fake/options'
import AuditChain from '#models/audit_chain'
import type Cluster from '#models/cluster'
import type Image from '#models/image'
import type Instance from '#models/instance'
import type Plan from '#models/plan'
import { removeAll } from '#tests/drivers/conformance'
import { NO_OWN_NODE, ownLxd, ownNode, type LxdLabNode } from '#tests/support/lxd_lab'
import { lxdCluster } from '#tests/support/lxd_world'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { signsIn } from '#tests/support/ssh'
import { fakeCluster, tenant, type TestCluster, type TestTenant } from '#tests/support/world'

/** An address pool of all but the gateway and what others of the lab could use by hand. */
const LXD_ADDRESSES: [number, number] = [50, 249]
const QUOTAS_HELD = ['addresses', 'cpus', 'disk_gib', 'instances', 'memory_mib']

/** A cluster with organizations on it, and what it says of itself past Portico. */
export type Scene = {
  cluster: Cluster
  image: Image
  plan: Plan
  acme: TestTenant
  globex: TestTenant
  /** All that is there, whoever made it. */
  instances(): Promise<RemoteInstance[]>
  isRootPassword(instance: Instance, password: string): Promise<boolean>
  close(): Promise<void>
}

/** Every kind of cluster that faults are tried on; `without`: why it cannot be had here. */
export const sceneries: {
  name: string
  prepare: (options?: Partial<FakeOptions>) => Promise<Scene>
  without: string | null
  isQuick: boolean
}[] = [
  { name: 'a fake cluster', prepare: fakeScene, without: null, isQuick: true },
  {
    name: 'a real LXD',
    prepare: async () => lxdScene(await ownLxd()),
    without: (await ownNode()) === null ? NO_OWN_NODE : null,
    isQuick: false,
  },
]

export type FakeScene = Scene & { fake: FakeCluster }

export async function fakeScene(
  options: Partial<FakeOptions> = {},
  furnish: (made: TestCluster) => Promise<unknown> = async () => {}
): Promise<FakeScene> {
  const made = await fakeCluster()
  const { fake, cluster, ...offer } = made
  fake.configure(options)
  await furnish(made)
  return {
    cluster,
    fake,
    image: offer.image,
    plan: offer.plan,
    ...(await tenants(offer)),
    instances: () => instancesIn(cluster),
    isRootPassword: async ({ ref }, password) => fake.isRootPassword(ref, password),
    close: async () => fake.close(),
  }
}

export async function lxdScene(node: LxdLabNode): Promise<Scene> {
  const { cluster, ...offer } = await lxdCluster(node, LXD_ADDRESSES)
  await cluster.change({ settings: { storagePool: 'default' } })
  await offer.image.offer()
  const clear = async () => {
    const left = (await instancesIn(cluster)).map(({ ref, stamp }) => ({ ref, stamp: stamp! }))
    const driver = await cluster.openDriver()
    await removeAll(driver, left).finally(() => driver.close())
  }
  // What a run before us left when it was killed.
  await clear()
  return {
    cluster,
    image: offer.image,
    plan: offer.plan,
    ...(await tenants(offer)),
    instances: () => instancesIn(cluster),
    async isRootPassword({ id }, password) {
      const { address } = await db.from('addresses').where('instance_id', id).firstOrFail()
      return signsIn(address, { password })
    },
    close: clear,
  }
}

/** Three nodes; the simulator lives in the tests' process and sees every worker die. */
export async function proxmoxScene(): Promise<Scene & { simulator: ProxmoxSimulator }> {
  const nodes = ['pve1', 'pve2', 'pve3'].map((name) => ({ name }))
  const simulator = await ProxmoxSimulator.start({ nodes })
  const { cluster, image, plan } = await proxmoxCluster(simulator, { consoleAccounts: true })
  return {
    simulator,
    cluster,
    image,
    plan,
    ...(await tenants({ image, plan })),
    instances: () => instancesIn(cluster),
    // A guest is given its password with the order that makes it, and at no other time.
    async isRootPassword(_instance, password) {
      return simulator.requests.some(
        ({ call, given, status }) =>
          call === 'POST /nodes/{node}/lxc' && status === 200 && given.password === password
      )
    },
    close: () => simulator.close(),
  }
}

async function instancesIn(cluster: Cluster): Promise<RemoteInstance[]> {
  const driver = await cluster.openDriver()
  try {
    return await Array.fromAsync(driver.instances.list())
  } finally {
    await driver.close()
  }
}

async function tenants(world: Pick<TestCluster, 'image' | 'plan'>) {
  const [acme, globex] = [await tenant('Acme', world), await tenant('Globex', world)]
  await acme.lift()
  await globex.lift()
  return { acme, globex }
}

/**
 * Nothing is under way, and the cluster, the rows and the counters tell the same: one instance for each row,
 * one address for each instance, and held is what they need and no more.
 */
export async function assertWhole(assert: Assert, scene: Scene): Promise<void> {
  const ofCluster = { cluster_id: scene.cluster.id }
  const living = await db
    .from('instances')
    .where(ofCluster)
    .whereNull('deleted_at')
    .select('id', 'ref', 'provisioned_at', 'failed_at')
  const there = living.filter(({ failed_at: failedAt }) => failedAt === null)
  assert.isTrue(
    there.every(({ provisioned_at: provisionedAt }) => provisionedAt !== null),
    'all that should be there is ready'
  )
  const remote = await scene.instances()
  assert.sameMembers(
    remote.map(({ ref }) => ref),
    there.map(({ ref }) => ref),
    'one instance in the cluster for each row'
  )
  const open = await db.from('operations').where(ofCluster).whereNotNull('open_on')
  assert.isEmpty(open, 'no operation is open')

  const leases = await db.from('addresses').where(ofCluster).select('instance_id', 'address')
  assert.sameMembers(
    leases.map(({ instance_id: id }) => id),
    there.map(({ id }) => id),
    'one address for each instance'
  )
  assert.sameMembers(
    remote
      .flatMap(({ addresses }) => addresses.filter(({ family }) => family === 4))
      .map(({ address }) => address),
    leases.map(({ address }) => address),
    'they carry these addresses, each once'
  )
  const held = await db.from('quota_holdings').whereIn(
    'subject',
    (await db.from('instances').where(ofCluster).select('id')).map(({ id }) => `instance-${id}`)
  )
  assert.sameMembers(
    held.map(({ subject, resource }) => `${subject} ${resource}`),
    there.flatMap(({ id }) => QUOTAS_HELD.map((resource) => `instance-${id} ${resource}`)),
    'each instance holds its quota once'
  )
  assert.isEmpty(await miscounts(), 'counters equal what is held')
  assert.isNull((await AuditChain.verify()).fault, 'the audit is unbroken')
}

/** Not by Quota's own recount: it is among what is looked at. */
function miscounts() {
  return db
    .from('quotas')
    .leftJoin('quota_holdings', (join) =>
      join
        .on('quota_holdings.organization_id', 'quotas.organization_id')
        .andOn('quota_holdings.resource', 'quotas.resource')
    )
    .groupBy('quotas.id', 'quotas.organization_id', 'quotas.resource', 'quotas.used')
    .havingRaw('quotas.used <> coalesce(sum(quota_holdings.amount), 0)')
    .select('quotas.organization_id', 'quotas.resource', 'quotas.used')
}
