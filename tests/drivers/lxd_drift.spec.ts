import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { at } from '#drivers/lxd/client'
import type { FoundCard, RemoteInstance } from '#drivers/contract'
import { record } from '#drivers/json'
import type Cluster from '#models/cluster'
import DoctorCheck from '#models/doctor_check'
import DriftFinding from '#models/drift_finding'
import { Examination } from '#models/examination'
import Instance from '#models/instance'
import type Operation from '#models/operation'
import Organization from '#models/organization'
import { Tenant } from '#models/concerns/tenant'
import { removeAll } from '#tests/drivers/conformance'
import { snapshotOf } from '#tests/support/copies'
import { compare, differing, finding } from '#tests/support/drift'
import { sharedNodes } from '#tests/support/lxd_lab'
import { workbench } from '#tests/support/lxd_workbench'
import { lxdCluster, lxdFurtherNetwork } from '#tests/support/lxd_world'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, person, tenant } from '#tests/support/world'

const [node] = await sharedNodes()

/*
| What an operator does to a real LXD past Portico, and what Portico makes of it. Others may have guests on the
| same node, other tests with stamps of their own: they are strangers and orphans here, and left alone.
*/
const isOfOthers = (line: string) => /^(stranger|orphan) /.test(line)

test.group('Drift on a real LXD', (group) => {
  group.each.skip(!node, 'no LXD here: start one with tests/labs/lxd/lxd-up 1 2 (root, Debian)')
  group.each.timeout(180_000)
  group.each.setup(() => emptyDatabase())

  test('stopped, limited, deleted and made by hand: seen, and put right', async ({
    assert,
    cleanup,
  }) => {
    const { bench, cluster, acme } = await stage(cleanup)
    const staff = await person({ staffRole: 'admin' })
    const [web, gone] = [await acme.instance('web-1'), await acme.instance('gone')]
    const before = await guest(cluster, web.ref)
    await bench.power(web.ref, 'force_stop')
    await bench.raw('PATCH', at('instances', web.ref), { config: { 'limits.memory': '96MiB' } })
    await bench.power(gone.ref, 'force_stop')
    await bench.raw('DELETE', at('instances', gone.ref), {})
    const stranger = await bench.makeRunning()

    await compare(cluster)
    assert.includeMembers(await differing(cluster), [
      'limits web-1',
      'missing gone',
      'power web-1',
      `stranger ${stranger.ref}`,
    ])

    await succeed(await (await finding(cluster, 'limits')).repair(staff))
    await succeed(await (await finding(cluster, 'power')).repair(staff))
    const repaired = await guest(cluster, web.ref)
    assert.deepEqual(repaired.size, before.size)
    assert.equal(repaired.power, 'running')

    await succeed(await (await finding(cluster, 'missing')).recreate(staff))
    assert.equal((await guest(cluster, gone.ref)).stamp, gone.uid)

    const { uid } = await DriftFinding.query().where('subject', stranger.ref).firstOrFail()
    const found = await Tenant.system('test', () => DriftFinding.presentAs(uid))
    await succeed(await found.adopt(staff, 'adopted'))
    const provider = await Organization.provider()
    const adopted = await Tenant.run(provider.id, () =>
      Instance.query().where('live_name', 'adopted').preload('addresses').firstOrFail()
    )
    const carried = await guest(cluster, stranger.ref)
    assert.deepInclude(carried, { stamp: adopted.uid, power: 'running' })
    assert.deepEqual(adopted.size, stranger.size)
    assert.deepEqual(
      adopted.addresses.map(({ address }) => address),
      stranger.addresses.map(({ address }) => address)
    )

    await compare(cluster)
    const left = await differing(cluster)
    assert.deepEqual(
      left.filter((line) => !isOfOthers(line)),
      []
    )
    // With an instance of the provider's there is somebody to ask.
    await Tenant.system('test', () => new Examination(cluster).run())
    const checks = await DoctorCheck.ofCluster(cluster)
    const said = checks.map(({ saying }) => saying)
    assert.includeMembers(said, [
      'reachable_ok',
      'certificate_ok',
      'trust_ok_none',
      'version_ok',
      'clock_ok',
      'nodes_ok',
      'network_ok',
      'images_ok',
      'gateway_ok',
    ])
  })

  test('a further card is pulled out and another put in: put right, and kept by a reinstallation and a restored snapshot', async ({
    assert,
    cleanup,
  }) => {
    const { bench, cluster, acme, image } = await stage(cleanup)
    const staff = await person({ staffRole: 'admin' })
    const network = await lxdFurtherNetwork(node!, cluster)
    const web = await acme.instance('web-1')
    const snapshot = await snapshotOf(acme, web, 'before')
    await succeed(await acme.inside(() => web.attachNetwork({ network, by: acme.owner })))
    const cards = await cardsOf(cluster, web.ref)
    assert.lengthOf(cards, 1)
    assert.lengthOf(cards[0]!.addresses, 2)

    const path = at('instances', web.ref)
    const { metadata } = await bench.client.get(path)
    const { eth1, ...devices } = record(record(metadata).devices)
    assert.isDefined(eth1)
    const eth2 = { type: 'nic', network: network.name }
    // One after the other: LXD holds the guest's name in a network until its card there is out.
    assert.isNull(await bench.raw('PUT', path, { ...record(metadata), devices }))
    assert.isNull(await bench.raw('PATCH', path, { devices: { ...devices, eth2 } }))
    await compare(cluster)
    assert.include(await differing(cluster), 'cards web-1')
    await succeed(await (await finding(cluster, 'cards')).repair(staff))
    assert.deepEqual(await cardsOf(cluster, web.ref), cards)

    await succeed(await acme.inside(() => snapshot.restore({ by: acme.owner })))
    assert.deepEqual(await cardsOf(cluster, web.ref), cards)
    await succeed(await acme.inside(() => web.reinstall({ image, by: acme.owner })))
    await acme.inside(() => web.refresh())
    assert.deepEqual(await cardsOf(cluster, web.ref), cards)
    await compare(cluster)
    const left = await differing(cluster)
    assert.deepEqual(
      left.filter((line) => !isOfOthers(line)),
      []
    )
  })
})

type Cleanup = (work: () => Promise<void>) => void

async function stage(cleanup: Cleanup) {
  const bench = workbench(node!)
  await bench.open({ stopSeconds: 2 })
  const { cluster, ...offer } = await lxdCluster(node!, [200, 215])
  await cluster.merge({ closedAt: null }).save()
  await offer.plan.merge({ snapshotLimit: 1 }).save()
  const acme = await tenant('Acme', offer)
  cleanup(async () => {
    const rows: { ref: string; stamp: string }[] = await db
      .from('instances')
      .where('cluster_id', cluster.id)
      .select('ref', 'uid as stamp')
    await removeAll(bench.driver, rows).finally(() => bench.close())
  })
  return { bench, cluster, acme, image: offer.image }
}

/** Does what was ordered, and tells why when it did not succeed. */
async function succeed(operation: Operation | null): Promise<void> {
  await finish(operation!)
  if (operation!.state !== 'succeeded') throw new Error(operation!.error ?? operation!.state)
}

async function cardsOf(cluster: Cluster, ref: string): Promise<FoundCard[]> {
  const driver = await cluster.openDriver()
  return driver.interfaces!.list(ref).finally(() => driver.close())
}

async function guest(cluster: Cluster, ref: string): Promise<RemoteInstance> {
  const driver = await cluster.openDriver()
  const found = await driver.instances.find(ref).finally(() => driver.close())
  return found!
}
