import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import Cluster from '#models/cluster'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'

async function add(...flags: string[]) {
  ace.ui.switchMode('raw')
  const command = await ace.exec('cluster:add', [...flags, '--json'])
  const [line] = command.ui.logger.getLogs().map(({ message }) => message)
  return { failed: command.exitCode === 1, told: JSON.parse(line!) as Record<string, unknown> }
}

test.group('A cluster of Proxmox VE by command', (group) => {
  group.each.teardown(() => ace.ui.switchMode('normal'))
  group.each.teardown(emptyDatabase)

  test('is added with its account, pinned, tested and synced; its secret is told nowhere', async ({
    assert,
    cleanup,
  }) => {
    const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    cleanup(() => simulator.close())
    const folder = await mkdtemp(join(tmpdir(), 'portico-'))
    cleanup(() => rm(folder, { recursive: true }))
    const file = join(folder, 'token.txt')
    const account = ['pve', simulator.endpoint, `--token-id=${simulator.tokenId}`]
    const missing = await add(...account, `--fingerprint=${simulator.fingerprint}`)
    assert.match(String(missing.told.error), /--trust-file/)
    await writeFile(file, `${simulator.token}\n`)
    const wrong = await add(...account, `--trust-file=${file}`, `--fingerprint=${'ab'.repeat(32)}`)
    assert.isTrue(wrong.failed)
    assert.isNull(await Cluster.findBy('name', 'pve'))

    const pinned = `--fingerprint=${simulator.fingerprint}`
    const { failed, told } = await add(
      ...account,
      `--trust-file=${file}`,
      pinned,
      '--storage-pool=tank'
    )
    assert.isFalse(failed)
    assert.notInclude(JSON.stringify(told), simulator.token)
    const cluster = await Cluster.findByOrFail('name', 'pve')
    assert.equal(cluster.status, 'online')
    assert.isNull(cluster.setupStep)
    assert.deepInclude(cluster.settings, { storagePool: 'tank', account: simulator.tokenId })
  })
})
