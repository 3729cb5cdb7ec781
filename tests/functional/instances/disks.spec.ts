import { test } from '@japa/runner'
import { FakeCluster } from '#drivers/fake/cluster'
import { freshAccounts } from '#tests/support/accounts'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { person, tenant, world } from '#tests/support/world'

test.group('Disks of an instance', (group) => {
  freshAccounts(group)

  test('are told as the cluster has them; where it keeps them is for staff alone', async ({
    client,
    assert,
    cleanup,
  }) => {
    const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }] })
    cleanup(() => simulator.close())
    const acme = await tenant('Acme', await proxmoxCluster(simulator))
    const instance = await acme.instance('web-1')
    const guest = simulator.cluster.guests.get(Number(instance.ref))!
    guest.config.mp0 = 'local:5000/vm-5000-disk-1.raw,mp=/srv/data,size=12G'
    const part = `instances/${instance.uid}/disks`
    const page = await client.get(`${acme.path}/${part}`).loginAs(acme.viewer)
    for (const text of [/rootfs/, /\/srv\/data/, /\b12\sGiB/, /\b4\sGiB/]) {
      assert.match(page.text(), text)
    }
    assert.notInclude(page.text(), '>tank<')
    const staff = await person({ staffRole: 'viewer' })
    const theirs = await client.get(`/admin/${part}`).loginAs(staff)
    theirs.assertTextIncludes('>tank<')
  })

  test('a cluster that is silent leaves the page, and one without the facet has none', async ({
    client,
    assert,
  }) => {
    const { acme, cluster, fake } = await world()
    const instance = await acme.instance('web-1')
    const path = `${acme.path}/instances/${instance.uid}/disks`
    const there = await client.get(path).loginAs(acme.viewer)
    assert.match(there.text(), /\b10\sGiB/)
    FakeCluster.open(fake.endpoint).goOffline()
    const silent = await client.get(path).loginAs(acme.viewer)
    silent.assertStatus(200)
    silent.assertTextIncludes('The disks cannot be shown just now')
    await cluster.merge({ settings: { ...cluster.settings, disks: false } }).save()
    const none = await client.get(path).loginAs(acme.viewer)
    none.assertStatus(404)
  })
})
