import { test } from '@japa/runner'
import Instance from '#models/instance'
import type { MoveInReport } from '#models/move_in'
import PortPool from '#models/port_pool'
import { Tenant } from '#models/concerns/tenant'
import { freshAccounts } from '#tests/support/accounts'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { person } from '#tests/support/world'

type Report = { guests: MoveInReport; ports: string; next: number }

test.group('Moving in from the old module by the page', (group) => {
  freshAccounts(group)

  test('guests, ports and numbers are taken over, and what is wrong is said at its field', async ({
    client,
    assert,
    cleanup,
  }) => {
    const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }] })
    cleanup(() => simulator.close())
    const card = (address: string) =>
      `name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:0${address.at(-1)},ip=${address}/16,type=veth`
    for (const [vmid, address] of [
      [501, '10.250.81.1'],
      [502, '10.250.81.2'],
    ] as const) {
      simulator.place(vmid, { isRunning: true, config: { net0: card(address), cores: '1' } })
    }
    const { cluster } = await proxmoxCluster(simulator)
    const pool = await PortPool.define(cluster, {
      name: 'outside',
      family: 4,
      address: '203.0.113.7',
      listenAddress: null,
      ports: [{ first: 40_000, last: 40_100 }],
      reserved: [],
    })
    const admin = await person({ staffRole: 'admin' })
    const path = `/admin/clusters/${cluster.uid}/move-in`
    const page = await client.get(path).loginAs(admin)
    for (const word of ['ip_pool.json', 'port_pool.json', 'vmid.json', 'outside']) {
      page.assertTextIncludes(word)
    }
    const send = (form: Record<string, string>) =>
      client.post(path).loginAs(admin).withCsrfToken().redirects(0).form(form)
    const broken = await send({ addresses_file: '{', ports_file: '' })
    broken.assertStatus(302)
    assert.properties(broken.flashMessage('inputErrorsBag'), ['addresses_file'])
    const poolless = await send({ ports_file: '{"40001": {}}' })
    assert.properties(poolless.flashMessage('inputErrorsBag'), ['port_pool'])

    const done = await send({
      addresses_file: JSON.stringify({
        '10.250.81.1': { server_vmid: 501 },
        '10.250.81.9': { server_vmid: 502 },
      }),
      ports_file: JSON.stringify({ 40_001: {}, 40_002: {} }),
      port_pool: pool.uid,
      numbers_file: JSON.stringify({ small: 503 }),
    })
    done.assertHeader('location', path)
    const report = done.flashMessage('moveIn') as unknown as Report
    assert.deepEqual(report.guests.adopted, ['501'])
    assert.deepEqual(
      report.guests.refused.map(({ ref }) => ref),
      ['502']
    )
    assert.deepInclude(report, { ports: '40001-40002', next: 503 })
    const adopted = await Tenant.system('test', () =>
      Instance.query().where('cluster_id', cluster.id)
    )
    assert.deepEqual(
      adopted.map(({ ref }) => ref),
      ['501']
    )
    assert.isEmpty(simulator.invalidRequests.filter(({ call }) => !call.includes('nextid')))
  })
})
