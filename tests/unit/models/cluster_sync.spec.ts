import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import redis from '@adonisjs/redis/services/main'
import { redisOptions } from '#config/redis'
import { FakeCluster } from '#drivers/fake/cluster'
import Cluster from '#models/cluster'
import { ClusterSync } from '#models/cluster_sync'
import Image from '#models/image'
import Instance from '#models/instance'
import Network from '#models/network'
import Node from '#models/node'
import StoragePool from '#models/storage_pool'
import { newUid } from '#models/concerns/uid'
import { Tenant } from '#models/concerns/tenant'
import { INSTANCES_CHANNEL } from '#services/progress'
import { countStatements } from '#tests/support/statements'
import { emptyDatabase } from '#tests/support/test_database'
import { fakeCluster, world, type World } from '#tests/support/world'

const AN_HOUR_AGO = DateTime.utc().minus({ hours: 1 })

test.group('Cluster.sync', (group) => {
  // Real commits: two syncs at once need two connections.
  group.each.setup(() => emptyDatabase())

  test('stores facts, nodes, storage pools, networks and images', async ({ assert }) => {
    const { cluster } = await fakeCluster()

    assert.deepEqual(await cluster.sync(), { outcome: 'synced', changedInstances: 0 })

    assert.equal(cluster.status, 'online')
    assert.equal(cluster.facts!.product, 'Portico fake cluster')
    assert.isNotNull(cluster.syncedAt)
    assert.isNull(cluster.syncingUntil)
    const node = await Node.findByOrFail({ clusterId: cluster.id, ref: 'node-1' })
    assert.equal(node.memoryMib, 262_144)
    const pool = await StoragePool.findByOrFail({ clusterId: cluster.id, name: 'default' })
    assert.equal(pool.totalGib, 8_000)
    const network = await Network.findByOrFail({ clusterId: cluster.id, name: 'lxdbr0' })
    assert.isTrue(network.managed)
    assert.equal(network.ipv4, '10.99.0.1/16')
    const images = await Image.query().where('cluster_id', cluster.id)
    assert.lengthOf(images, 4)
  })

  test('a second sync changes no identity', async ({ assert }) => {
    const { cluster, node, image } = await fakeCluster()
    await cluster.sync()
    const before = await Image.query().orderBy('id')

    await cluster.sync()

    const after = await Image.query().orderBy('id')
    assert.deepEqual(
      after.map(({ id, uid }) => ({ id, uid })),
      before.map(({ id, uid }) => ({ id, uid }))
    )
    const { uid } = await Node.findOrFail(node.id)
    assert.equal(uid, node.uid)
    const offered = await Image.findOrFail(image.id)
    assert.equal(offered.title, 'Debian 12')
    assert.isNotNull(offered.offeredAt)
  })

  test('what is no longer there is marked, and unmarked when it comes back', async ({ assert }) => {
    const { cluster, fake } = await fakeCluster()
    await cluster.sync()
    FakeCluster.create(fake.endpoint, {
      nodes: [{ name: 'node-9', cpus: 4, memoryMib: 1024, diskGib: 10 }],
      images: [],
      networks: [],
      storagePools: [],
    })

    await cluster.sync()

    const old = await Node.findByOrFail({ clusterId: cluster.id, ref: 'node-1' })
    assert.isNotNull(old.missingSince)
    assert.isFalse(old.online)
    const fresh = await Node.findByOrFail('ref', 'node-9')
    assert.isNull(fresh.missingSince)
    for (const model of [Image, Network, StoragePool] as const) {
      const rows = await db.from(model.table).where('cluster_id', cluster.id)
      assert.isTrue(rows.length > 0 && rows.every((row) => row.missing_since !== null))
    }

    FakeCluster.create(fake.endpoint, {
      nodes: [{ name: 'node-1', cpus: 4, memoryMib: 1024, diskGib: 10 }],
    })
    await cluster.sync()
    await old.refresh()
    assert.isNull(old.missingSince)
    assert.isTrue(old.online)
  })

  test('an offered image that was built anew keeps its offer', async ({ assert }) => {
    const { cluster, fake, image } = await fakeCluster()
    const anew = { name: image.name, os: 'debian', release: '12', architecture: 'x86_64' }
    FakeCluster.create(fake.endpoint, {
      images: [{ ref: 'other-fingerprint', ...anew, kind: 'container', sizeMib: 130 }],
    })

    await cluster.sync()

    await image.refresh()
    const successor = await Image.findByOrFail('ref', 'other-fingerprint')
    assert.isNull(image.offeredAt)
    assert.isNotNull(successor.offeredAt)
    assert.equal(successor.title, 'Debian 12')
  })

  test('a silent cluster is offline since the first failure and keeps what was known', async ({
    assert,
  }) => {
    const { cluster, fake } = await fakeCluster()
    await cluster.sync()
    fake.goOffline()

    const result = await cluster.sync()

    assert.equal(result.outcome, 'failed')
    assert.equal(cluster.status, 'offline')
    assert.equal(cluster.errorKind, 'unreachable')
    assert.isNotNull(cluster.facts)
    await Cluster.query().where('id', cluster.id).update({ offline_since: '2026-01-01 00:00:00' })
    await cluster.sync()
    assert.equal(cluster.offlineSince!.toUTC().toISODate(), '2026-01-01')
    const node = await Node.findByOrFail('clusterId', cluster.id)
    assert.isNull(node.missingSince)

    fake.comeBack()
    await cluster.sync()
    assert.equal(cluster.status, 'online')
    assert.isNull(cluster.offlineSince)
    assert.isNull(cluster.error)
  })

  test('one that does not answer in time is given up', async ({ assert }) => {
    const { cluster, fake } = await fakeCluster()
    fake.configure({ callMs: 60_000 })

    const started = Date.now()
    const result = await new ClusterSync(cluster, 300).run()

    assert.isBelow(Date.now() - started, 25_000)
    assert.include(result, { outcome: 'failed', errorKind: 'timeout' })
    await cluster.refresh()
    assert.isNull(cluster.syncingUntil)
  })

  test('of two at once, one gives way', async ({ assert }) => {
    const { cluster, fake } = await fakeCluster()
    fake.configure({ callMs: 100 })
    const twin = await Cluster.findOrFail(cluster.id)

    const results = await Promise.all([cluster.sync(), twin.sync()])

    assert.sameMembers(
      results.map(({ outcome }) => outcome),
      ['synced', 'skipped']
    )
  })

  test('one that died is followed by another when its claim has run out', async ({ assert }) => {
    const { cluster } = await fakeCluster()
    await claim(cluster, Date.now() + 60_000)
    assert.deepEqual(await cluster.sync(), { outcome: 'skipped' })
    await claim(cluster, Date.now() - 1)
    assert.include(await cluster.sync(), { outcome: 'synced' })
  })

  test('a removed cluster is left alone', async ({ assert }) => {
    const { cluster } = await fakeCluster()
    await cluster.remove()
    assert.deepEqual(await cluster.sync(), { outcome: 'skipped' })
    assert.isEmpty(await Cluster.syncAll())
  })

  test('a dead cluster does not keep the others from being synced', async ({ assert }) => {
    const [dead, alive] = [await fakeCluster(), await fakeCluster()]
    dead.fake.goOffline()

    await Cluster.syncAll()

    await dead.cluster.refresh()
    await alive.cluster.refresh()
    assert.equal(dead.cluster.status, 'offline')
    assert.equal(alive.cluster.status, 'online')
    assert.isNotNull(alive.cluster.syncedAt)
  })
})

test.group('Cluster.sync | instances', (group) => {
  group.each.setup(() => emptyDatabase())

  test('sees that somebody else stopped, started or removed one', async ({ assert }) => {
    const scene = await world()
    const [stopped, gone, same] = await found(scene, ['stopped', null, 'running'])

    assert.deepEqual(await scene.cluster.sync(), { outcome: 'synced', changedInstances: 2 })

    const [one, two, three] = await reload([stopped!, gone!, same!])
    assert.equal(one!.powerState, 'stopped')
    assert.equal(two!.powerState, 'unknown')
    assert.isNotNull(two!.missingSince)
    assert.equal(three!.powerState, 'running')
    assert.isTrue(three!.observedAt!.equals(same!.observedAt!))
  })

  test('one that is back is no longer missing', async ({ assert }) => {
    const scene = await world()
    const [instance] = await found(scene, [null])
    await scene.cluster.sync()
    scene.fake.add([{ ref: instance!.ref, stamp: instance!.uid }])
    await observedLongAgo()

    await scene.cluster.sync()

    const [back] = await reload([instance!])
    assert.equal(back!.powerState, 'running')
    assert.isNull(back!.missingSince)
  })

  test("somebody else's instance of the same name is not ours", async ({ assert }) => {
    const scene = await world()
    const [instance] = await found(scene, [null])
    scene.fake.add([{ ref: instance!.ref, stamp: 'of-another-portal' }])

    await scene.cluster.sync()

    const [seen] = await reload([instance!])
    assert.isNotNull(seen!.missingSince)
  })

  test('follows it to another node', async ({ assert }) => {
    const scene = await world()
    const size = { cpus: 8, memoryMib: 65_536, diskGib: 500 }
    const fake = FakeCluster.create(scene.fake.endpoint, {
      nodes: ['node-1', 'node-2'].map((name) => ({ name, ...size })),
    })
    const [moved] = await found({ ...scene, fake }, ['running'], 'node-2')

    await scene.cluster.sync()

    const [seen] = await reload([moved!])
    const node = await Node.findByOrFail({ clusterId: scene.cluster.id, ref: 'node-2' })
    assert.equal(seen!.nodeId, node.id)
  })

  test('what an operation learnt while the cluster was read stays', async ({ assert }) => {
    const scene = await world()
    const [instance] = await found(scene, ['stopped'])
    await observed(instance!, DateTime.utc().plus({ seconds: 1 }))

    await scene.cluster.sync()

    const [seen] = await reload([instance!])
    assert.equal(seen!.powerState, 'running')
  })

  test('one with an open operation is left to it', async ({ assert }) => {
    const scene = await world()
    const [instance] = await found(scene, ['stopped'])
    await scene.acme.inside(async () => {
      const ours = await Instance.findOrFail(instance!.id)
      await ours.power('restart', scene.acme.owner)
    })

    await scene.cluster.sync()

    const [seen] = await reload([instance!])
    assert.equal(seen!.powerState, 'running')
  })

  test('a change is announced to whoever has the page open', async ({ assert }) => {
    const scene = await world()
    const [instance] = await found(scene, ['stopped'])
    const listener = new Redis(redisOptions)
    await listener.subscribe(INSTANCES_CHANNEL)
    const heard = once(listener, 'message')
    await redisAnswers()

    await scene.cluster.sync()

    const [, message] = await heard
    await listener.quit()
    assert.deepEqual(JSON.parse(message), {
      organizationId: scene.acme.organization.id,
      instanceUid: instance!.uid,
      powerState: 'stopped',
      isMissing: false,
    })
  })

  test('two thousand instances need hardly more statements than none', async ({ assert }) => {
    const scene = await world()
    await scene.cluster.sync()
    const without = await countStatements(() => scene.cluster.sync())
    await found(
      scene,
      Array.from({ length: 2_000 }, (_, index) => (index % 2 ? 'stopped' : 'running'))
    )

    const started = Date.now()
    const withMany = await countStatements(() => scene.cluster.sync())

    assert.isBelow(Date.now() - started, 20_000)
    assert.isAtMost(withMany, without + 2)
    const [row] = await db.from('instances').where('power_state', 'stopped').count('* as total')
    assert.equal(Number(row.total), 1_000)
  }).timeout(60_000)
})

/** Living instances as they stood an hour ago, running; what the cluster has of each now (null: nothing). */
async function found(
  { acme, cluster, fake, node: firstNode }: Pick<World, 'acme' | 'cluster' | 'fake' | 'node'>,
  states: ('running' | 'stopped' | null)[],
  node?: string
): Promise<Instance[]> {
  const rows = states.map((_, index) => {
    const uid = newUid('i')
    return {
      uid,
      organizationId: acme.organization.id,
      name: `row-${index}`,
      liveName: `row-${index}`,
      kind: 'container' as const,
      clusterId: cluster.id,
      ref: `pt-${uid}`,
      cpus: 1,
      memoryMib: 128,
      diskGib: 1,
      powerState: 'running' as const,
      observedAt: AN_HOUR_AGO,
      provisionedAt: AN_HOUR_AGO,
    }
  })
  const now = AN_HOUR_AGO.toFormat('yyyy-MM-dd HH:mm:ss')
  for (let start = 0; start < rows.length; start += 250) {
    await db.table('instances').multiInsert(
      rows.slice(start, start + 250).map((row) => ({
        uid: row.uid,
        organization_id: row.organizationId,
        name: row.name,
        live_name: row.liveName,
        kind: row.kind,
        cluster_id: row.clusterId,
        node_id: firstNode.id,
        ref: row.ref,
        cpus: row.cpus,
        memory_mib: row.memoryMib,
        disk_gib: row.diskGib,
        power_state: row.powerState,
        observed_at: now,
        provisioned_at: now,
        created_at: now,
        updated_at: now,
      }))
    )
  }
  fake.add(
    rows.flatMap(({ uid, ref }, index) =>
      states[index] ? [{ ref, stamp: uid, power: states[index], node }] : []
    )
  )
  return Tenant.system('test', () =>
    Instance.query()
      .whereIn(
        'uid',
        rows.slice(0, 500).map(({ uid }) => uid)
      )
      .orderBy('id')
  )
}

function reload(instances: Instance[]): Promise<Instance[]> {
  return Tenant.system('test', () =>
    Instance.query()
      .whereIn(
        'id',
        instances.map(({ id }) => id)
      )
      .orderBy('id')
  )
}

async function observed(instance: Instance, at: DateTime) {
  await db
    .from('instances')
    .where('id', instance.id)
    .update({ observed_at: at.toFormat('yyyy-MM-dd HH:mm:ss') })
}

async function observedLongAgo() {
  await db.from('instances').update({ observed_at: '2026-01-01 00:00:00' })
}

/** The connection is made at its first use, and refuses everything until it stands. */
async function redisAnswers() {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (await redis.ping().catch(() => null)) return
    await sleep(50)
  }
}

async function claim(cluster: Cluster, until: number) {
  await db.from('clusters').where('id', cluster.id).update({ syncing_until: until })
}
