import { existsSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import Backup from '#models/backup'
import Snapshot from '#models/snapshot'
import { isPacked, remoteSnapshots, snapshotRows } from '#tests/support/copies'
import type { Succession } from '#tests/support/crash'
import { all, killInDeed, settle, type Inhabitant } from '#tests/support/crowd'
import { missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene, lxdScene, type Scene } from '#tests/support/fault_scene'
import { NO_OWN_NODE, ownLxd, ownNode } from '#tests/support/lxd_lab'
import { usage } from '#tests/support/steps'

const around = (work: string) => [`${work} before`, `${work} after`]
const within = (work: string) => [`${work} before`, `${work} begun`, `${work} after`]
const CLOSE = around('close')

const missing = missingPrograms()
const noLxd = (await ownNode()) === null ? NO_OWN_NODE : null

const scenes = [
  { name: 'a fake cluster', prepare: fakeScene, without: null, every: 1, people: 14 },
  // The same steps; there a few deaths are enough to see that LXD itself keeps nothing.
  {
    name: 'a real LXD',
    prepare: async () => lxdScene(await ownLxd()),
    without: noLxd,
    every: 4,
    people: 4,
  },
]

for (const { name: kind, prepare, without, every, people } of scenes) {
  const some = <Value>(values: Value[]) =>
    values.filter((_place, index) => index % every === Math.min(1, every - 1))

  test.group(`kill -9 of the worker while copies are made, on ${kind}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('leaves one or none').skip(true, reason)
      return
    }

    let scene: Scene
    let succession: Succession
    let houses: Inhabitant[]

    group.setup(async () => {
      const settled = await settle(prepare, people)
      ;({ scene, succession, houses } = settled)
      // No plan of the lab sells any.
      await db.from('instances').where('cluster_id', scene.cluster.id).update({ snapshot_limit: 3 })
      for (const { tenant, instance } of houses) await tenant.inside(() => instance.refresh())
      return settled.leave
    })

    const snapshot = async ({ instance, tenant }: Inhabitant, name: string) => {
      const made = await instance.snapshot({ name, by: tenant.owner })
      return made.operation
    }
    /** By the name of their instance: where the archive of the last backup would be. */
    const ordered = new Map<string, Backup>()
    const backup = async ({ instance, tenant }: Inhabitant, name: string) => {
      const made = await instance.backup({ name, by: tenant.owner })
      ordered.set(instance.name, made.backup)
      return made.operation
    }
    /** Those that have none. */
    const backUp = async (inhabitants: Inhabitant[]) => {
      const bare = []
      for (const house of inhabitants) {
        const backups = await house.tenant.inside(() => Backup.ofInstance(house.instance))
        if (backups.length === 0) bare.push(house)
      }
      await all(bare, (house) => backup(house, 'kept'))
    }
    const unpack = async ({ instance, tenant }: Inhabitant, name: string) => {
      const [row] = await Backup.ofInstance(instance)
      const whole = await Backup.of(tenant.organization, row!.uid)
      const made = await whole.restore({ name, plan: scene.plan, by: tenant.owner })
      return made.operation
    }
    const kept = async ({ instance, tenant }: Inhabitant) => {
      const [row] = await tenant.inside(() => Snapshot.ofInstance(instance))
      return tenant.inside(() => Snapshot.of(instance, row!.uid))
    }

    /** As many in the cluster, the rows and the quota; the names of the rows. */
    async function snapshotsOf(assert: Assert, { instance, tenant }: Inhabitant, place: string) {
      const rows = await snapshotRows(instance)
      assert.sameMembers(
        await remoteSnapshots(scene.cluster, instance),
        rows.map(({ uid }) => uid),
        place
      )
      assert.isTrue(
        rows.every(({ taken_at: takenAt }) => takenAt !== null),
        place
      )
      assert.equal((await usage(tenant.organization.id)).snapshots, rows.length, place)
      return rows.map(({ name }) => name)
    }

    /** Each is whole in the store, in the rows and in the quota, and the cluster keeps none; the names of the rows. */
    async function backupsOf(assert: Assert, { instance, tenant }: Inhabitant, place: string) {
      const backups = await tenant.inside(() => Backup.ofInstance(instance))
      for (const one of backups) {
        const read = one.read()
        assert.isTrue('stream' in read, place)
        const archive = 'stream' in read ? await buffer(read.stream) : Buffer.of()
        assert.equal(archive.length, one.sizeBytes, place)
        assert.isFalse(await isPacked(scene.cluster, instance, one.uid), place)
      }
      assert.equal((await usage(tenant.organization.id)).backups, backups.length, place)
      return backups.map(({ name }) => name)
    }

    test('a snapshot is there once, wherever it died', async ({ assert }) => {
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: some([...within('run snapshot'), ...CLOSE]),
        order: (house) => snapshot(house, 'kept'),
      })
      for (const house of done) {
        assert.deepEqual(await snapshotsOf(assert, house, house.place), ['kept'])
      }
      await assertWhole(assert, scene)
    })

    test('a snapshot that is taken back is nowhere, wherever it died', async ({ assert }) => {
      const before = new Map<Inhabitant['instance'], string[]>()
      for (const house of houses) {
        before.set(house.instance, await snapshotsOf(assert, house, 'before'))
      }
      const done = await killInDeed(succession, houses, {
        ends: 'failed',
        places: some([...within('undo snapshot'), ...CLOSE]),
        failsAt: 'run snapshot after',
        order: (house) => snapshot(house, 'never'),
      })
      for (const house of done) {
        assert.deepEqual(await snapshotsOf(assert, house, house.place), before.get(house.instance)!)
      }
      await assertWhole(assert, scene)
    })

    test('a restore ends with what runs as it should, wherever it died', async ({ assert }) => {
      const restored = some([
        ...within('run restore'),
        ...within('run limit'),
        ...['start_again', 'forward', 'observe'].flatMap((step) => around(`run ${step}`)),
        ...CLOSE,
      ])
      const bare = []
      for (const house of houses.slice(0, restored.length)) {
        const rows = await snapshotRows(house.instance)
        if (rows.length === 0) bare.push(house)
      }
      await all(bare, (house) => snapshot(house, 'kept'))
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: restored,
        order: async (house) => (await kept(house)).restore({ by: house.tenant.owner }),
      })
      const remote = await scene.instances()
      for (const house of done) {
        const { instance, place } = house
        const found = remote.find(({ ref }) => ref === instance.ref)!
        assert.equal(found.power, 'running', place)
        assert.deepEqual(found.size, instance.size, place)
        assert.deepEqual(await snapshotsOf(assert, house, place), ['kept'])
      }
      await assertWhole(assert, scene)
    })

    test('a snapshot that is deleted is gone, wherever it died', async ({ assert }) => {
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: some([...within('run remove_snapshot'), ...CLOSE]),
        order: async (house) => (await kept(house)).remove({ by: house.tenant.owner }),
      })
      for (const house of done) {
        assert.deepEqual(await snapshotsOf(assert, house, house.place), [])
      }
      await assertWhole(assert, scene)
    })

    test('a backup is whole in the store, once, wherever it died', async ({ assert }) => {
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: some([
          ...within('run pack'),
          ...around('run store'),
          ...within('run discard'),
          ...CLOSE,
        ]),
        order: (house) => backup(house, 'kept'),
      })
      for (const house of done) {
        assert.deepEqual(await backupsOf(assert, house, house.place), ['kept'])
      }
      await assertWhole(assert, scene)
    })

    test('a backup that is taken back leaves neither file nor archive, wherever it died', async ({
      assert,
    }) => {
      const done = await killInDeed(succession, houses, {
        ends: 'failed',
        places: some([...around('undo store'), ...within('undo pack'), ...CLOSE]),
        failsAt: 'run discard before',
        order: (house) => backup(house, 'never'),
      })
      for (const house of done) {
        const { instance, place } = house
        assert.notInclude(await backupsOf(assert, house, place), 'never')
        const { uid, archiveKey } = ordered.get(instance.name)!
        assert.isFalse(await isPacked(scene.cluster, instance, uid), place)
        assert.isFalse(existsSync(app.makePath('tmp/test-backups', archiveKey)), place)
      }
      await assertWhole(assert, scene)
    })

    test('a backup becomes one instance, wherever it died', async ({ assert }) => {
      const places = some([...within('run create'), ...around('run set_credentials'), ...CLOSE])
      await backUp(houses.slice(0, places.length))
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places,
        called: ({ instance }) => `new-${instance.name}`,
        order: (house) => unpack(house, `new-${house.instance.name}`),
      })
      assert.isNotEmpty(done)
      await assertWhole(assert, scene)
    })

    test('an instance of a backup that is taken back is nowhere, and the backup stays', async ({
      assert,
    }) => {
      const places = some([...within('undo create'), ...CLOSE])
      await backUp(houses.slice(0, places.length))
      const done = await killInDeed(succession, houses, {
        ends: 'failed',
        places,
        failsAt: 'run set_credentials before',
        called: ({ instance }) => `never-${instance.name}`,
        order: (house) => unpack(house, `never-${house.instance.name}`),
      })
      for (const house of done) {
        assert.deepEqual(await backupsOf(assert, house, house.place), ['kept'])
      }
      await assertWhole(assert, scene)
    })
  })
}
