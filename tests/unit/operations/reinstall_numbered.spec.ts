import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import db from '@adonisjs/lucid/services/db'
import type Image from '#models/image'
import type Instance from '#models/instance'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, tenant, type TestTenant } from '#tests/support/world'

const PASSWORD = 'the-new-Passw0rd-of-root'

type Scene = {
  simulator: ProxmoxSimulator
  acme: TestTenant
  image: Image
  instance: Instance
  /** What it was before. */
  before: { ref: string; macAddress: string | null; address: string }
}

test.group('Reinstall where instances have numbers', (group) => {
  group.each.teardown(emptyDatabase)

  test('it keeps number, card and address, is never gone, and nothing is left over', async ({
    assert,
    cleanup,
  }) => {
    const scene = await readyInstance(cleanup)
    const { simulator, before } = scene
    const seen: number[] = []
    watchSteps(cleanup, 'instance.reinstall', () => {
      seen.push(simulator.cluster.guests.size)
    })
    const operation = await reinstall(scene)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await assertPlace(scene, assert)
    assert.isAbove(Math.min(...seen), 0)
    const made = simulator.requests.filter(({ call }) => call === 'POST /nodes/{node}/lxc')
    assert.equal(made.at(-1)!.given.password, PASSWORD)
    assert.notEqual(made.at(-1)!.given.vmid, before.ref)
    const clone = simulator.requests.find(({ call }) => call.endsWith('/clone'))
    assert.equal(clone!.given.newid, before.ref)
    const shown = await scene.acme.inside(() => scene.instance.revealRootPassword())
    assert.isNull(shown, 'it is known to whoever chose it')
    assertValid(scene, assert)
  })

  test('what fails before the new one can be reached leaves the old one running as it was', async ({
    assert,
    cleanup,
  }) => {
    const scene = await readyInstance(cleanup)
    const { simulator, before } = scene
    const old = simulator.cluster.guests.get(Number(before.ref))!
    const { net0 } = old.config
    simulator.failTask('vzstart', 'startup for container failed')
    const operation = await reinstall(scene)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.failedStep, 'start')
    assert.strictEqual(simulator.cluster.guests.get(Number(before.ref)), old)
    assert.equal(old.config.net0, net0)
    await assertPlace(scene, assert)
    assertValid(scene, assert)
  })

  test('when somebody takes the number, or the copy fails, it runs on under its own', async ({
    assert,
    cleanup,
  }) => {
    const scene = await readyInstance(cleanup)
    const { simulator, instance, before, acme } = scene
    let isTaken = false
    watchSteps(cleanup, 'instance.reinstall', (point) => {
      if (point !== 'run keep_number before' || isTaken) return
      isTaken = true
      simulator.place(Number(before.ref), { config: { hostname: 'strange' } })
    })
    const operation = await reinstall(scene)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.notEqual(instance.ref, before.ref)
    assert.isNull(instance.spareRef)
    assert.isTrue(simulator.cluster.guests.get(Number(instance.ref))!.isRunning)
    assert.equal(simulator.cluster.guests.get(Number(before.ref))!.name, 'strange')
    const own = instance.ref
    simulator.failTask('vzclone', 'zfs error: out of space')
    const again = await reinstall(scene)
    assert.equal(again.state, 'succeeded', again.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.notEqual(instance.ref, own)
    assert.isTrue(simulator.cluster.guests.get(Number(instance.ref))!.isRunning)
    assert.equal(simulator.cluster.guests.size, 2)
    assertValid(scene, assert)
  })

  test('a number that somebody has is stepped over, and neither of the two is leased twice', async ({
    assert,
    cleanup,
  }) => {
    const scene = await readyInstance(cleanup)
    const { simulator, acme, instance } = scene
    simulator.takeMeanwhile(1)
    let refs: string[] = []
    watchSteps(cleanup, 'instance.reinstall', async (point) => {
      if (point !== 'run start before') return
      await acme.inside(() => instance.refresh())
      refs = [instance.ref, instance.spareRef!]
      const { operation, instance: other } = await acme.order('web-2')
      await finish(operation)
      await acme.inside(() => other.refresh())
      assert.notInclude(refs, other.ref)
    })
    const operation = await reinstall(scene)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.lengthOf(new Set(refs), 2)
    // The stranger's, the one that was ordered meanwhile, and this one.
    assert.equal(simulator.cluster.guests.size, 3)
    await assertPlace(scene, assert, 3)
  })
})

async function readyInstance(cleanup: (end: () => Promise<void>) => void): Promise<Scene> {
  const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
  cleanup(() => simulator.close())
  const { image, plan } = await proxmoxCluster(simulator)
  const acme = await tenant('Acme', { image, plan })
  await acme.lift()
  const instance = await acme.instance('web-1')
  const lease = await db.from('addresses').where('instance_id', instance.id).firstOrFail()
  const { ref, macAddress } = instance
  return { simulator, acme, image, instance, before: { ref, macAddress, address: lease.address } }
}

async function reinstall({ acme, image, instance }: Scene) {
  const operation = await acme.inside(async () => {
    await instance.refresh()
    return instance.reinstall({ image, password: PASSWORD, by: acme.owner })
  })
  return finish(operation)
}

async function assertPlace(
  { simulator, acme, instance, before }: Scene,
  assert: Assert,
  count = 1
) {
  await acme.inside(() => instance.refresh())
  assert.equal(instance.ref, before.ref)
  assert.isNull(instance.spareRef)
  assert.equal(instance.macAddress, before.macAddress)
  assert.equal(simulator.cluster.guests.size, count)
  const guest = simulator.cluster.guests.get(Number(before.ref))!
  assert.isTrue(guest.isRunning)
  const card = guest.network()
  assert.equal(card.hwaddr?.toLowerCase(), before.macAddress)
  assert.equal(card.ip?.split('/')[0], before.address)
}

/** To ask for a number that is not free is answered with 400, by the real one as well. */
function assertValid({ simulator }: Scene, assert: Assert) {
  assert.isEmpty(simulator.invalidRequests.filter(({ call }) => !call.includes('nextid')))
}
