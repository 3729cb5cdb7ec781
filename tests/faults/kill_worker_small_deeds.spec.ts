import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import db from '@adonisjs/lucid/services/db'
import InstanceKey from '#models/instance_key'
import type { Succession } from '#tests/support/crash'
import { all, killInDeed, settle, type Inhabitant } from '#tests/support/crowd'
import { missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene, type FakeScene } from '#tests/support/fault_scene'
import { ed25519Line } from '#tests/support/public_keys'

const around = (work: string) => [`${work} before`, `${work} after`]
const within = (work: string) => [`${work} before`, `${work} begun`, `${work} after`]
const CLOSE = around('close')

const PASSWORD = 'the-new-Passw0rd-of-root'
const OLD_KEY = ed25519Line('old@desk')
const NEW_KEY = ed25519Line('new@laptop')

const missing = missingPrograms()

test.group('kill -9 of the worker in a deed that leaves the disk alone', (group) => {
  if (missing) {
    test('leaves it done or not done').skip(true, missing)
    return
  }

  let scene: FakeScene
  let succession: Succession
  let houses: Inhabitant[]

  group.setup(async () => {
    const settled = await settle(fakeScene, 11)
    ;({ scene, succession, houses } = settled)
    return settled.leave
  })

  test('a rename: instance, guest and address of its page have one name', async ({ assert }) => {
    const done = await killInDeed(succession, houses, {
      ends: 'succeeded',
      places: [...around('run set_host_name'), ...CLOSE],
      called: ({ instance }) => `villa-${instance.id}`,
      order: async ({ instance, tenant }) =>
        (await instance.rename({ name: `villa-${instance.id}`, by: tenant.owner }))!,
    })
    for (const { instance, place } of done) {
      const name = `villa-${instance.id}`
      assert.deepInclude(instance.serialize(), { name, liveName: name }, place)
      assert.equal(scene.fake.hostName(instance.ref), name, place)
    }
    await assertWhole(assert, scene)
  })

  test('a rename that is taken back: all of it has the old name', async ({ assert }) => {
    const names = new Map(houses.map(({ instance }) => [instance.id, instance.name]))
    const done = await killInDeed(succession, houses, {
      ends: 'failed',
      places: [...around('undo set_host_name'), ...CLOSE],
      failsAt: 'run set_host_name after',
      called: ({ instance }) => `never-${instance.id}`,
      order: async ({ instance, tenant }) =>
        (await instance.rename({ name: `never-${instance.id}`, by: tenant.owner }))!,
    })
    for (const { instance, place } of done) {
      const name = names.get(instance.id)!
      assert.deepInclude(instance.serialize(), { name, liveName: name }, place)
      assert.equal(scene.fake.hostName(instance.ref), name, place)
    }
    await assertWhole(assert, scene)
  })

  test('SSH keys: the guest and the rows have the same, once', async ({ assert }) => {
    await all(
      houses.slice(0, 8),
      async ({ instance, tenant }) =>
        (await instance.changeKeys({ add: [OLD_KEY], by: tenant.owner }))!
    )
    const places = [...around('run change_keys'), ...CLOSE]
    const done = await killInDeed(succession, houses.slice(0, 4), {
      ends: 'succeeded',
      places,
      order: exchangeKeys,
    })
    for (const house of done) await assertKeys(assert, house, NEW_KEY)
    const undone = await killInDeed(succession, houses.slice(4, 8), {
      ends: 'failed',
      places: [...around('undo change_keys'), ...CLOSE],
      failsAt: 'run change_keys after',
      order: exchangeKeys,
    })
    for (const house of undone) await assertKeys(assert, house, OLD_KEY)
    await assertWhole(assert, scene)
  })

  test('a root password: it is the new one, and the old is forgotten', async ({ assert }) => {
    const done = await killInDeed(succession, houses, {
      ends: 'succeeded',
      places: [...around('run set_password'), ...CLOSE],
      order: ({ instance, tenant }) =>
        instance.resetPassword({ password: PASSWORD, by: tenant.owner }),
    })
    for (const { instance, place } of done) {
      assert.isTrue(await scene.isRootPassword(instance, PASSWORD), place)
      const kept = await db.from('one_time_secrets').where('instance_id', instance.id)
      assert.isAtMost(kept.filter((row) => row.value_encrypted !== null).length, 1, place)
    }
    await assertWhole(assert, scene)
  })

  test('a suspension: it rests, for one reason, and was running', async ({ assert }) => {
    const done = await killInDeed(succession, houses, {
      ends: 'succeeded',
      places: [
        ...around('run note_power'),
        ...within('run stop'),
        ...around('run observe'),
        ...CLOSE,
      ],
      order: suspend,
    })
    for (const { instance, place } of done) {
      assert.deepEqual(await openSuspensions(instance.id), [{ reason: 'billing', was_running: 1 }])
      assert.equal(await powerOf(instance.ref), 'stopped', place)
    }
    await all(done, unsuspend)
    await assertWhole(assert, scene)
  })

  test('a suspension that is taken back: it runs, and is not suspended', async ({ assert }) => {
    const done = await killInDeed(succession, houses, {
      ends: 'failed',
      places: [...within('undo stop'), ...CLOSE],
      failsAt: 'run observe before',
      order: suspend,
    })
    for (const { instance, place } of done) {
      assert.isEmpty(await openSuspensions(instance.id), place)
      assert.equal(await powerOf(instance.ref), 'running', place)
    }
    await assertWhole(assert, scene)
  })

  test('the end of a suspension: it runs again', async ({ assert }) => {
    const places = [...within('run start'), ...around('run observe'), ...CLOSE]
    const suspended = houses.slice(0, places.length)
    await all(suspended, suspend)
    const done = await killInDeed(succession, suspended, {
      ends: 'succeeded',
      places,
      order: unsuspend,
    })
    for (const { instance, place } of done) {
      assert.isEmpty(await openSuspensions(instance.id), place)
      assert.equal(await powerOf(instance.ref), 'running', place)
    }
    await assertWhole(assert, scene)
  })

  test('a rescue: it runs with what it was sold', async ({ assert }) => {
    const places = [
      ...within('run repair'),
      ...within('run start'),
      ...around('run observe'),
      ...CLOSE,
    ]
    const broken = houses.slice(0, places.length)
    await all(broken, ({ instance, tenant }) => instance.power('stop', tenant.owner))
    for (const { instance } of broken) scene.fake.alter(instance.ref, { size: { memoryMib: 64 } })
    const done = await killInDeed(succession, broken, {
      ends: 'succeeded',
      places,
      order: ({ instance, tenant }) => instance.rescue({ by: tenant.owner }),
    })
    const remote = await scene.instances()
    for (const { instance, place } of done) {
      const found = remote.find(({ ref }) => ref === instance.ref)!
      assert.equal(found.power, 'running', place)
      assert.deepEqual(found.size, instance.size, place)
    }
    await assertWhole(assert, scene)
  })

  test('a stop: it is stopped, and its row says so', async ({ assert }) => {
    const done = await killInDeed(succession, houses, {
      ends: 'succeeded',
      places: [...within('run power'), ...around('run observe'), ...CLOSE],
      order: ({ instance, tenant }) => instance.power('stop', tenant.owner),
    })
    for (const { instance, place } of done) {
      assert.equal(await powerOf(instance.ref), 'stopped', place)
      assert.equal(instance.powerState, 'stopped', place)
    }
    await all(done, ({ instance, tenant }) => instance.power('start', tenant.owner))
    await assertWhole(assert, scene)
  })

  const powerOf = async (ref: string) =>
    (await scene.instances()).find((remote) => remote.ref === ref)!.power

  async function assertKeys(assert: Assert, { instance, tenant, place }: Placed, key: string) {
    const rows = await tenant.inside(() => InstanceKey.of(instance))
    assert.deepEqual(
      rows.map(({ publicKey }) => publicKey),
      [key],
      place
    )
    assert.deepEqual(scene.fake.authorizedKeys(instance.ref), [key], place)
  }
})

type Placed = Inhabitant & { place: string }

async function suspend({ instance }: Inhabitant) {
  const { operation } = await instance.suspend('billing', { by: null })
  return operation!
}

async function unsuspend({ instance }: Inhabitant) {
  const { operation } = await instance.unsuspend('billing', { by: null })
  return operation!
}

async function exchangeKeys({ instance, tenant }: Inhabitant) {
  const [old] = await InstanceKey.of(instance)
  const change = { add: [NEW_KEY], remove: [old!.uid], by: tenant.owner }
  return (await instance.changeKeys(change))!
}

function openSuspensions(instanceId: number) {
  return db
    .from('suspensions')
    .where('instance_id', instanceId)
    .whereNotNull('open_on')
    .select('reason', 'was_running')
}
