import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { randomUUID } from 'node:crypto'
import { parseAddress } from '#addressing/address'
import { FakeCluster } from '#drivers/fake/cluster'
import AddressPool from '#models/address_pool'
import AddressRange from '#models/address_range'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Instance from '#models/instance'
import Membership from '#models/membership'
import Node from '#models/node'
import type Operation from '#models/operation'
import Organization from '#models/organization'
import Plan from '#models/plan'
import PortPool from '#models/port_pool'
import User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import type { Role, StaffRole } from '#models/types'
import { fakeEndpoint } from '#tests/support/fake_endpoint'
import { runOperation } from '#operations/run_operation'

export const PASSWORD = 'a long enough pass phrase 7'
export const ROOT_PASSWORD = 'root-Passw0rd-of-an-instance'

let counter = 0

/**
 * One believable world, told in words:
 * `const { acme, globex } = await world()` · `await acme.instance('web-1')` · `acme.owner`
 */
export async function world() {
  const cluster = await fakeCluster()
  const [acme, globex] = [await tenant('Acme', cluster), await tenant('Globex', cluster)]
  return {
    acme,
    globex,
    ...cluster,
    staff: (role: StaffRole = 'admin') => person({ staffRole: role }),
  }
}

export type World = Awaited<ReturnType<typeof world>>
export type TestTenant = Awaited<ReturnType<typeof tenant>>
export type TestCluster = Awaited<ReturnType<typeof fakeCluster>>

export async function person(fields: Partial<{ staffRole: StaffRole; email: string }> = {}) {
  counter += 1
  return User.create({
    email: fields.email ?? `person-${counter}-${randomUUID().slice(0, 8)}@example.com`,
    fullName: `Person ${counter}`,
    password: PASSWORD,
    locale: 'en',
    timeZone: 'UTC',
    staffRole: fields.staffRole ?? null,
    emailVerifiedAt: DateTime.utc(),
  })
}

/**
 * A cluster of the fake driver in a file of its own, with a node, an image, a plan and a pool. `fake` tells
 * it how to behave: `fake.failNext('create', { kind: 'busy' })`, `fake.goOffline()` …
 */
export async function fakeCluster(settings: Record<string, unknown> = {}) {
  const id = randomUUID().slice(0, 8)
  const fake = FakeCluster.create(fakeEndpoint(), {
    nodes: [{ name: 'node-1', cpus: 64, memoryMib: 262_144, diskGib: 8_000 }],
  })
  const cluster = await Cluster.create({
    name: `fake-${id}`,
    driver: 'fake',
    endpoint: fake.endpoint,
    settings: { createMs: 0, powerMs: 0, destroyMs: 0, ...settings },
    status: 'online',
    lastSeenAt: DateTime.utc(),
    closedAt: null,
    maxParallelOperations: 50,
  })
  const now = DateTime.utc()
  const node = await Node.create({
    clusterId: cluster.id,
    ref: 'node-1',
    name: 'node-1',
    online: true,
    cpus: 64,
    memoryMib: 262_144,
    memoryUsedMib: 0,
    diskGib: 8_000,
    diskUsedGib: 0,
    syncedAt: now,
  })
  const image = await Image.create({
    clusterId: cluster.id,
    ref: 'debian-12',
    name: 'debian/12',
    title: 'Debian 12',
    os: 'debian',
    release: '12',
    architecture: 'x86_64',
    kind: 'container',
    sizeMib: 120,
    offeredAt: now,
    syncedAt: now,
  })
  const plan = await Plan.create({
    name: `s1-${id}`,
    kind: 'container',
    cpus: 1,
    memoryMib: 512,
    diskGib: 10,
    ingressMbps: 100,
    egressMbps: 100,
    snapshotLimit: 3,
    portForwardLimit: 5,
    position: 1,
  })
  await cluster.related('plans').attach([plan.id])
  const pool = await addressPool(cluster, '10.99.0.0/24', '10.99.0.10', '10.99.0.250')
  return { cluster, fake, node, image, plan, pool }
}

export async function addressPool(cluster: Cluster, cidr: string, first: string, last: string) {
  const pool = await AddressPool.create({
    clusterId: cluster.id,
    name: `pool-${cidr.replaceAll(/[^0-9a-f]+/gi, '-')}`,
    family: cidr.includes(':') ? 6 : 4,
    cidr,
    gateway: cidr.replace(/(?:0|(?<=:))\/\d+$/, '1'),
    network: 'lxdbr0',
    nameservers: '1.1.1.1',
  })
  await AddressRange.create({
    addressPoolId: pool.id,
    firstKey: parseAddress(first)!.key,
    lastKey: parseAddress(last)!.key,
  })
  return pool
}

/** Ports of one public address of the cluster; `ports` as a person writes them. */
export async function portPool(
  cluster: Cluster,
  changes: Partial<Pick<PortPool, 'ports' | 'address' | 'reserved' | 'name'>> = {}
) {
  const facts = { ports: '20000-20999', address: '203.0.113.7', reserved: '', ...changes }
  return PortPool.create({
    clusterId: cluster.id,
    name: `ports ${facts.ports}`,
    family: facts.address.includes(':') ? 6 : 4,
    ...facts,
  })
}

/** An organization with a member of each role. */
export async function tenant(name: string, { image, plan }: Pick<TestCluster, 'image' | 'plan'>) {
  const owner = await person()
  const organization = await db.transaction((trx) =>
    Organization.found({ name, kind: 'team', owner }, trx)
  )
  const member = async (role: Role) => {
    const user = await person()
    await Membership.create({ organizationId: organization.id, userId: user.id, role })
    return user
  }
  const inside = <T>(work: () => Promise<T>) => Tenant.run(organization.id, work)
  const order = (instanceName: string, fields: Record<string, unknown> = {}) =>
    inside(() =>
      Instance.order(organization, {
        name: instanceName,
        plan,
        image,
        rootPassword: ROOT_PASSWORD,
        sshKeys: [],
        requestedBy: owner,
        ...fields,
      })
    )
  return {
    organization,
    owner,
    admin: await member('admin'),
    operator: await member('operator'),
    viewer: await member('viewer'),
    path: `/o/${organization.slug}`,
    inside,
    order,
    /** For lists that need more than a new organization may have. */
    async lift() {
      await db.from('quotas').where('organization_id', organization.id).update({ maximum: null })
    },
    /** As if every create that is open had succeeded; for lists that need many. */
    async allReady() {
      const mine = { organization_id: organization.id }
      const now = DateTime.utc().toFormat('yyyy-MM-dd HH:mm:ss')
      await db
        .from('instances')
        .where(mine)
        .update({ provisioned_at: now, power_state: 'running', observed_at: now })
      await db
        .from('operations')
        .where(mine)
        .whereNotNull('open_on')
        .update({ state: 'succeeded', open_on: null, ended_at: now })
    },
    /** A running instance: ordered, and its operation run to the end. */
    async instance(instanceName: string) {
      const { instance, operation } = await order(instanceName)
      await finish(operation)
      await inside(() => instance.refresh())
      return instance
    },
  }
}

/** Whether it runs, as its cluster says; null when there is no such instance. */
export async function powerOf({ ref }: Instance, cluster: Cluster): Promise<string | null> {
  const driver = await cluster.openDriver()
  try {
    return (await driver.instances.find(ref))?.power ?? null
  } finally {
    await driver.close()
  }
}

/** Runs an operation as a worker would: without the test's tenant, until it needs nobody any more. */
export async function finish(operation: Operation, tries = 50): Promise<Operation> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const result = await Tenant.none(() => runOperation(operation.id))
    if (result.done) break
    await db.from('operations').where('id', operation.id).update({ not_before: null })
  }
  await Tenant.run(operation.organizationId, () => operation.refresh())
  return operation
}
