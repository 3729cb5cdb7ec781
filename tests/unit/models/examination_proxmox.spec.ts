import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import type { DoctorCheckName } from '#models/types'
import DoctorCheck from '#models/doctor_check'
import { Examination } from '#models/examination'
import { reconcileCluster } from '#models/forward_reconciler'
import { Tenant } from '#models/concerns/tenant'
import { checkItem } from '#transformers/doctor'
import { carriedBy } from '#tests/support/ikuai_world'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { IkuaiRouter, type IkuaiGeneration } from '#tests/support/simulators/ikuai'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'
import { tenant } from '#tests/support/world'

async function stage({ cleanup }: TestContext, generation: IkuaiGeneration = 3) {
  const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
  cleanup(() => simulator.close())
  const router = await IkuaiRouter.start(generation)
  cleanup(() => router.close())
  const world = await proxmoxCluster(simulator)
  const forwarder = await carriedBy(world.cluster, router)
  const acme = await tenant('Acme', world)
  await acme.instance('web-1')
  /** Of these checks. */
  const found = async (...names: DoctorCheckName[]) => {
    await Tenant.system('test', () => new Examination(world.cluster).run())
    const checks = await DoctorCheck.ofCluster(world.cluster)
    return checks.filter(({ name }) => names.includes(name))
  }
  const said = async (...names: DoctorCheckName[]) => {
    const checks = await found(...names)
    return checks.map(({ saying }) => saying)
  }
  const reconcile = () => Tenant.system('test', () => reconcileCluster(world.cluster))
  return { simulator, router, forwarder, found, said, reconcile, ...world }
}

/** What a row says, without the row. */
const told = (check?: DoctorCheck) => check && { ...check.$attributes }

test.group('Doctor of a cluster behind an iKuai router', (group) => {
  group.each.teardown(emptyDatabase)

  for (const generation of [3, 4] as const) {
    test(`tells of a router ${generation}.x that all is well`, async (context) => {
      const { assert } = context
      const { router, found } = await stage(context, generation)
      router.place({ wan_port: '8080', lan_port: '80', lan_addr: '10.0.0.9', comment: 'mine' })
      const [carried, its, rules] = await found('forwarder', 'router', 'rules')
      assert.equal(carried!.saying, 'forwarder_ok')
      const product = generation === 3 ? 'iKuai 3.6.13' : 'iKuai 4.x'
      const place = new URL(router.endpoint).host
      assert.deepInclude(told(its), { saying: 'router_ok', measured: { product }, place })
      assert.deepInclude(told(rules), { saying: 'rules_ok', measured: { rules: 2, ours: 1 } })
    })
  }

  test('counts rules of ours that are gone, changed or lead nowhere, until they are put right', async (context) => {
    const { assert } = context
    const { cluster, router, found, said, reconcile } = await stage(context)
    const [ours] = router.all
    router.loseOurs()
    router.place({
      wan_port: '20099',
      lan_port: '22',
      lan_addr: '10.250.81.77',
      comment: `portico-${cluster.uid}-fnobody`,
    })
    const [lost] = await found('rules')
    assert.deepInclude(told(lost), { saying: 'rules_warn', measured: { missing: 1, stray: 1 } })
    await reconcile()
    assert.deepEqual(await said('rules'), ['rules_ok'])
    router.loseOurs()
    router.place({ ...ours!, enabled: 'no' })
    const [off] = await found('rules')
    assert.deepInclude(told(off), { saying: 'rules_warn', measured: { missing: 1, stray: 0 } })
  })

  test('tells that it takes no more rules', async (context) => {
    const { assert } = context
    const { router, said, reconcile } = await stage(context)
    router.loseOurs()
    router.failNext('add', 'full')
    await reconcile()
    assert.include(await said('rules'), 'rules_fail_full')
  })

  test('tells that it does not let Portico in, or does not answer', async (context) => {
    const { assert } = context
    const { router, forwarder, found } = await stage(context)
    await forwarder.keepRouterSecret('another one')
    const [refused, ...others] = await found('forwarder', 'router', 'rules')
    assert.equal(refused!.saying, 'forwarder_fail')
    assert.match(refused!.measured.detail as string, /refuses the user or the password/)
    assert.isEmpty(others)
    await router.close()
    const [silent] = await found('forwarder')
    assert.equal(silent!.saying, 'forwarder_fail')
  })
})

test.group('Doctor of a cluster of Proxmox VE', (group) => {
  group.each.teardown(emptyDatabase)

  test('tells what to do in the words of Proxmox VE', async (context) => {
    const { assert } = context
    const { cluster, simulator, found } = await stage(context)
    simulator.setOnline('pve2', false)
    const [node] = (await found('nodes')).filter(({ state }) => state === 'fail')
    assert.equal(checkItem(node!, cluster.driver).remedy, 'doctor.proxmox.nodes_fail')
    assert.equal(checkItem(node!, 'lxd').remedy, 'doctor.todo.nodes_fail')
    const [api] = await found('reachable')
    assert.isNull(checkItem(api!, cluster.driver).remedy)
  })

  test('compares the clock of each node', async (context) => {
    const { assert } = context
    const { simulator, found } = await stage(context)
    simulator.cluster.node('pve2').clockSkewMs = -95_000
    const clocks = await found('clock')
    const of = (place: string) => clocks.find((check) => check.place === place)
    assert.equal(of('')!.saying, 'clock_ok')
    assert.equal(of('pve1')!.saying, 'clock_ok')
    assert.equal(of('pve2')!.saying, 'clock_fail')
    assert.closeTo(of('pve2')!.measured.seconds as number, 95, 20)
  })
})
