import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import Instance from '#models/instance'
import { MoveIn } from '#models/move_in'
import PortPool from '#models/port_pool'
import { Tenant } from '#models/concerns/tenant'
import { emptyDatabase } from '#tests/support/test_database'
import { world } from '#tests/support/world'
import ClusterMoveIn from '../../../commands/cluster_move_in.js'

const ADDRESS = { family: 4 as const, address: '10.9.0.21', prefixLength: 24, gateway: '10.9.0.1' }

async function withGuests() {
  const { cluster, fake, staff } = await world()
  fake.add([
    { ref: '501', addresses: [ADDRESS] },
    { ref: '502', addresses: [{ ...ADDRESS, address: '10.9.0.22' }] },
  ])
  const pool = await PortPool.define(cluster, {
    name: 'outside',
    family: 4,
    address: '203.0.113.7',
    listenAddress: null,
    ports: [{ first: 40_000, last: 40_100 }],
    reserved: [],
  })
  return { cluster, pool, by: await staff('admin') }
}

test.group('Moving in from the old module for Proxmox VE', (group) => {
  group.each.setup(() => void ace.ui.switchMode('raw'))
  group.each.teardown(() => void ace.ui.switchMode('normal'))
  group.each.teardown(emptyDatabase)

  test('guests are adopted by number and address, and known the second time', async ({
    assert,
  }) => {
    const { cluster, by } = await withGuests()
    const written = {
      '10.9.0.21': { server_vmid: 501 },
      '10.9.0.99': { server_vmid: 502 },
      '10.9.0.23': { server_vmid: 503 },
    }
    const first = await new MoveIn(cluster).guests(written, by)

    assert.deepEqual(first.adopted, ['501'])
    assert.deepEqual(first.refused, [
      { ref: '502', why: 'it carries 10.9.0.22, not 10.9.0.99' },
      { ref: '503', why: 'the cluster has no such guest' },
    ])
    const again = await new MoveIn(cluster).guests(written, by)
    assert.deepEqual(again.known, ['501'])
    assert.isEmpty(again.adopted)
  })

  test('ports of the old rules are given to nobody else', async ({ assert }) => {
    const { cluster, pool } = await withGuests()
    const reserved = await new MoveIn(cluster).ports(pool, [40_001, 40_002, 40_007])

    assert.equal(reserved, '40001-40002, 40007')
    await pool.refresh()
    assert.deepEqual(pool.reservedRanges, [
      { first: 40_001, last: 40_002 },
      { first: 40_007, last: 40_007 },
    ])
  })

  test('the command reads the three files, and refuses all when one is wrong', async ({
    assert,
  }) => {
    const { cluster, pool, by } = await withGuests()
    const folder = await mkdtemp(join(tmpdir(), 'portico-'))
    const write = (name: string, content: unknown) =>
      writeFile(join(folder, name), JSON.stringify(content)).then(() => join(folder, name))
    const addresses = await write('ip_pool.json', {
      '10.9.0.21': { server_vmid: 501, bridge: 'vmbr0', mask: '24', gateway: '10.9.0.1' },
    })
    const numbers = await write('vmid.json', { gold: 503, silver: '612' })
    const wrong = await write('wrong.json', { 70_000: {} })
    const ports = await write('port_pool.json', { 40_001: { name: 'web', ip: '' } })
    const run = async (portFile: string) => {
      const files = [`--addresses=${addresses}`, `--ports=${portFile}`, `--numbers=${numbers}`]
      const place = [`--by=${by.email}`, '--port-pool=outside']
      const command = await ace.create(ClusterMoveIn, [cluster.name, ...files, ...place])
      await command.exec()
      return command
    }

    assert.equal((await run(wrong)).exitCode, 1)
    const untouched = await Tenant.system('test', () => Instance.query().where('ref', '501'))
    assert.isEmpty(untouched)
    const command = await run(ports)
    command.assertSucceeded()
    command.assertLogMatches(/1 adopted, 0 known, 0 refused/)
    command.assertLogMatches(/should begin at 612/)
    await pool.refresh()
    assert.equal(pool.reserved, '40001')
  })
})
