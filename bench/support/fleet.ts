import { DateTime } from 'luxon'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Membership from '#models/membership'
import Node from '#models/node'
import Organization from '#models/organization'
import Plan from '#models/plan'
import User from '#models/user'
import AddressPool from '#models/address_pool'
import AddressRange from '#models/address_range'

const CHUNK = 1_000
const NODES = 20

export type Fleet = Awaited<ReturnType<typeof foundFleet>>

/** A platform with one fake cluster and as many organizations as asked; all of them have the same owner. */
export async function foundFleet(organizationCount: number, password: string) {
  const owner = await User.create({
    email: 'bench@example.com',
    fullName: 'Bench',
    password,
    locale: 'en',
    timeZone: 'UTC',
    staffRole: null,
    emailVerifiedAt: DateTime.utc(),
  })
  const now = DateTime.utc()
  const cluster = await Cluster.create({
    name: 'bench-1',
    driver: 'fake',
    endpoint: `fake:${app.tmpPath('bench-cluster.sqlite')}`,
    settings: { createMs: 0, powerMs: 0 },
    status: 'online',
    lastSeenAt: now,
    maxParallelOperations: 50,
  })
  const nodes: Node[] = []
  for (let number = 1; number <= NODES; number++) {
    nodes.push(
      await Node.create({
        clusterId: cluster.id,
        ref: `node-${number}`,
        name: `node-${number}`,
        online: true,
        cpus: 256,
        memoryMib: 16 * 1024 * 1024,
        memoryUsedMib: 0,
        diskGib: 1_000_000,
        diskUsedGib: 0,
        syncedAt: now,
      })
    )
  }
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
    name: 'c1',
    kind: 'container',
    cpus: 1,
    memoryMib: 1024,
    diskGib: 10,
    position: 1,
  })
  await cluster.related('plans').attach([plan.id])
  const pool = await AddressPool.create({
    clusterId: cluster.id,
    name: 'bench',
    family: 4,
    cidr: '10.0.0.0/8',
    gateway: '10.0.0.1',
    network: 'lxdbr0',
  })
  await AddressRange.create({
    addressPoolId: pool.id,
    firstKey: (10n * 2n ** 24n + 16n).toString(16).padStart(32, '0'),
    lastKey: (10n * 2n ** 24n + 2n ** 24n - 2n).toString(16).padStart(32, '0'),
  })
  const organizations: Organization[] = []
  for (let number = 1; number <= organizationCount; number++) {
    const organization = await db.transaction((trx) =>
      Organization.found({ name: `Bench ${number}`, kind: 'team', owner: null }, trx)
    )
    organizations.push(organization)
  }
  const [first] = organizations
  await Membership.create({ organizationId: first!.id, userId: owner.id, role: 'owner' })
  await db.from('quotas').where('organization_id', first!.id).update({ maximum: null })
  return { owner, cluster, nodes, image, plan, pool, organizations, instances: 0 }
}

/** Adds running instances, each with an address and a finished create. */
export async function fill(fleet: Fleet, count: number, ownerOf: (index: number) => Organization) {
  const at = sqlTime(DateTime.utc().minus({ days: 1 }))
  for (let begin = 0; begin < count; begin += CHUNK) {
    const size = Math.min(CHUNK, count - begin)
    const numbers = Array.from({ length: size }, (_, index) => fleet.instances + index)
    const names = ['web', 'db', 'mail', 'build', 'proxy', 'cache', 'api']
    const rows = numbers.map((number) => {
      const uid = newUid('i')
      const name = `${names[number % names.length]}-${number}`
      return {
        uid,
        organization_id: ownerOf(number).id,
        name,
        live_name: name,
        kind: 'container',
        cluster_id: fleet.cluster.id,
        node_id: fleet.nodes[number % NODES]!.id,
        plan_id: fleet.plan.id,
        image_id: fleet.image.id,
        ref: `pt-${uid}`,
        cpus: 1,
        memory_mib: 1024,
        disk_gib: 10,
        power_state: number % 9 === 0 ? 'stopped' : 'running',
        observed_at: at,
        created_by_id: fleet.owner.id,
        provisioned_at: at,
        created_at: at,
        updated_at: at,
      }
    })
    await db.table('instances').multiInsert(rows)
    const ids = await db
      .from('instances')
      .whereIn(
        'uid',
        rows.map(({ uid }) => uid)
      )
      .select('id', 'uid')
    const idOf = new Map(ids.map((row) => [row.uid as string, row.id as number]))
    await db.table('addresses').multiInsert(
      rows.map((row, index) => {
        const key = 10 * 2 ** 24 + 256 + numbers[index]!
        return {
          organization_id: row.organization_id,
          instance_id: idOf.get(row.uid),
          cluster_id: fleet.cluster.id,
          address_pool_id: fleet.pool.id,
          family: 4,
          address: [24, 16, 8, 0].map((shift) => (key >> shift) & 255).join('.'),
          address_key: key.toString(16).padStart(32, '0'),
          assigned_at: at,
          created_at: at,
        }
      })
    )
    await db.table('operations').multiInsert(
      rows.map((row) => ({
        uid: newUid('x'),
        organization_id: row.organization_id,
        type: 'instance.create',
        cluster_id: fleet.cluster.id,
        instance_id: idOf.get(row.uid),
        input: '{}',
        state: 'succeeded',
        steps: '[]',
        attempt: 1,
        failures: 0,
        requested_by_id: fleet.owner.id,
        started_at: at,
        ended_at: at,
        created_at: at,
        updated_at: at,
      }))
    )
    fleet.instances += size
  }
  await db.rawQuery('analyze table instances, addresses, operations')
}
