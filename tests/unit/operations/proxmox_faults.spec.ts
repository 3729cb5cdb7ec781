import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import db from '@adonisjs/lucid/services/db'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import {
  ProxmoxSimulator,
  type Fault,
  type NodeWish,
} from '#tests/support/simulators/proxmox/simulator'
import { watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, tenant } from '#tests/support/world'

const CREATE = 'POST /nodes/{node}/lxc'
const TWO: NodeWish[] = [{ name: 'pve1' }, { name: 'pve2' }]

test.group('Faults of Proxmox VE', (group) => {
  group.each.teardown(emptyDatabase)

  test('a create that is answered {$self}: one guest, one number, one address')
    .with(['unreachable', 'timed_out', 'done_late', 'cut'] as const)
    .run(async ({ assert, cleanup }, fault: Fault & string) => {
      const scene = await stage(cleanup)
      scene.simulator.fail(CREATE, fault)
      const { operation, instance } = await scene.acme.order('web-1')
      await finish(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      await scene.acme.inside(() => instance.refresh())
      assert.deepEqual([...scene.simulator.cluster.guests.keys()], [Number(instance.ref)])
      assert.equal(await scene.leases(), 1)
    })

  test('a task {$self} that nobody knows any more: one guest or none, and no lease too many')
    .with(['vzcreate', 'vzstart', 'vzdestroy'])
    .run(async ({ assert, cleanup }, type) => {
      const scene = await stage(cleanup)
      scene.simulator.loseTask(type)
      const { operation, instance } = await scene.acme.order('web-1')
      await finish(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(scene.simulator.cluster.guests.size, 1)
      await scene.acme.inside(() => instance.refresh())
      const gone = await finish(await scene.acme.inside(() => instance.destroy(scene.acme.owner)))
      assert.equal(gone.state, 'succeeded', gone.error ?? '')
      assert.equal(scene.simulator.cluster.guests.size, 0)
      assert.equal(await scene.leases(), 0)
    })

  test('a node that restarts in the middle of a create: another number, and the doctor names the old one', async ({
    assert,
    cleanup,
  }) => {
    const scene = await stage(cleanup, [{ name: 'pve1' }])
    const { simulator, acme, cluster } = scene
    simulator.stallTask('vzcreate')
    const { operation, instance } = await acme.order('web-1')
    const running = finish(operation)
    while (simulator.cluster.guests.size === 0) await new Promise((go) => setTimeout(go, 10))
    const [half] = [...simulator.cluster.guests.keys()]
    simulator.restart('pve1')
    await running
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.notEqual(instance.ref, String(half))
    assert.equal(simulator.cluster.guests.get(half!)!.lock, 'create')
    assert.equal(simulator.cluster.guests.size, 2)
    assert.equal(await scene.leases(), 1)
    const driver = await cluster.openDriver()
    cleanup(() => driver.close())
    const warnings = await driver.doctor!.warnings()
    assert.isTrue(warnings.some(({ message }) => message.includes(`pct unlock ${half}`)))
  })

  test('a lock that somebody holds is waited for', async ({ assert, cleanup }) => {
    const { simulator, acme } = await stage(cleanup)
    const instance = await acme.instance('web-1')
    const guest = simulator.cluster.guests.get(Number(instance.ref))!
    guest.lock = 'backup'
    let tries = 0
    watchSteps(cleanup, 'instance.delete', (point) => {
      if (point !== 'run destroy before') return
      tries += 1
      if (tries === 3) guest.lock = null
    })
    const operation = await finish(await acme.inside(() => instance.destroy(acme.owner)))
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.isAtLeast(tries, 3)
    assert.equal(simulator.cluster.guests.size, 0)
  })

  test('an order goes to a node that has its template and room for its disk', async ({
    assert,
    cleanup,
  }) => {
    const { simulator, acme } = await stage(cleanup, [
      { name: 'pve1', templates: [], memoryMib: 65_536 },
      { name: 'pve2', memoryMib: 65_536, storages: [LOCAL, { ...TANK, usedGib: 500 }] },
      { name: 'pve3', memoryMib: 8_192, storages: [LOCAL, TANK] },
    ])
    const instance = await acme.instance('web-1')
    assert.equal(simulator.cluster.guests.get(Number(instance.ref))!.node, 'pve3')
  })

  test('{$self} has its own sentence, and leaves nothing')
    .with(['a template that is gone', 'a full storage', 'a wrong bridge', 'an expired token'])
    .run(async ({ assert, cleanup }, trouble) => {
      const scene = await stage(cleanup, [{ name: 'pve1' }])
      const { simulator, acme, poolId } = scene
      const [node] = simulator.cluster.nodes
      if (trouble === 'a template that is gone') node!.templates.set('local', [])
      if (trouble === 'a full storage') node!.storages[1]!.usedGib = 500
      if (trouble === 'a wrong bridge') {
        await db.from('address_pools').where('id', poolId).update({ network: 'vmbr9' })
      }
      if (trouble === 'an expired token') simulator.expireToken()
      const { operation, instance } = await acme.order('web-1')
      await finish(operation)
      assert.equal(operation.state, 'failed', operation.error ?? '')
      assert.match(operation.error ?? '', SENTENCES[trouble]!)
      assert.equal(simulator.cluster.guests.size, 0)
      assert.equal(await scene.leases(), 0)
      await acme.inside(() => instance.refresh())
      assert.isEmpty(await db.from('quota_holdings').where('subject', `instance-${instance.id}`))
      const made = simulator.requests.filter(({ call }) => call === CREATE)
      assert.isEmpty(made, 'told before anything is made')
    })
})

type StorageWish = NonNullable<NodeWish['storages']>[number]

const LOCAL: StorageWish = { name: 'local' }
const TANK: StorageWish = {
  name: 'tank',
  type: 'zfspool',
  content: ['images', 'rootdir'],
  totalGib: 500,
  usedGib: 10,
  isShared: false,
}

const SENTENCES: Record<string, RegExp> = {
  'a template that is gone': /node pve1 lacks the template/,
  'a full storage': /storage tank of node pve1 has 0 GiB left/,
  'a wrong bridge': /node pve1 has no bridge vmbr9/,
  'an expired token': /does not accept the token or password/,
}

async function stage(cleanup: TestContext['cleanup'], nodes: NodeWish[] = TWO) {
  const simulator = await ProxmoxSimulator.start({ nodes })
  cleanup(() => simulator.close())
  const { cluster, image, plan, pool } = await proxmoxCluster(simulator)
  const acme = await tenant('Acme', { image, plan })
  await acme.lift()
  const leases = async () => {
    const rows = await db.from('addresses').where('cluster_id', cluster.id)
    return rows.length
  }
  return { simulator, cluster, acme, leases, poolId: pool.id }
}
