import { test } from '@japa/runner'
import { appUrl } from '#config/app'
import { issueBillingKey } from '#tests/support/billing'
import { sharedNodes } from '#tests/support/lxd_lab'
import { lxdCluster } from '#tests/support/lxd_world'
import { missingPhp, phpChecks, type Checked } from '#tests/support/php'
import { startWorker, type Process } from '#tests/support/processes'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'
import { TlsServer } from '#tests/support/tls_server'
import { portPool, tenant } from '#tests/support/world'

/** Of the lab's /24; drivers, benches and journeys keep to others. */
const ADDRESSES: [number, number] = [70, 79]
const IMAGE = 'tiny'

const [node] = await sharedNodes()
const missing =
  (await missingPhp()) ?? (node ? null : 'no LXD here: start one with tests/labs/lxd/lxd-up 1')

test.group('Plugin for ZJMF, on a real LXD', (group) => {
  group.each.skip(missing !== null, missing ?? '')

  let worker: Process | undefined
  const given: Record<string, string> = {}
  group.setup(async () => {
    if (missing) return
    await emptyDatabase()
    const { cluster, image, plan } = await lxdCluster(node!, ADDRESSES, IMAGE)
    await portPool(cluster, {
      ports: '20000-20999',
      address: node!.gateway.replace(/^10\.87\./, '192.168.').replace(/\.1$/, '.252'),
    })
    const acme = await tenant('Acme', { image, plan })
    Object.assign(given, { URL: appUrl, KEY: await issueBillingKey(acme), IMAGE })
    worker = await startWorker()
  })
  group.teardown(async () => {
    await worker?.stop()
    await emptyDatabase()
  })

  const holds = (script: string) => async () => {
    const { failures }: Checked = await phpChecks(script, given)
    if (failures.length > 0) throw new Error(failures.join('\n'))
  }

  test('every function does what it says', holds('module.php'))
  test('an existing plugin of the first generation finds its way', holds('first_generation.php'))
  test('an existing plugin of the second generation finds its way', holds('second_generation.php'))
})

const noPhp = await missingPhp()

test.group('Plugin for ZJMF, on a simulated Proxmox VE', (group) => {
  group.each.skip(noPhp !== null, noPhp ?? '')

  test('every page and deed is there as well', async ({ assert, cleanup }) => {
    await emptyDatabase()
    const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    cleanup(() => simulator.close())
    const offers = await proxmoxCluster(simulator)
    const acme = await tenant('Acme', offers)
    const KEY = await issueBillingKey(acme)
    const process = await startWorker()
    cleanup(async () => {
      await process.stop()
      await emptyDatabase()
    })
    const { passed, failures } = await phpChecks('proxmox.php', {
      URL: appUrl,
      KEY,
      IMAGE: offers.image.title ?? offers.image.name,
    })
    assert.deepEqual(failures, [])
    assert.isAbove(passed, 25)
  })
})

test.group('Plugin for ZJMF', (group) => {
  group.each.skip(noPhp !== null, noPhp ?? '')

  test('is PHP 7.2 in every file', async ({ assert }) => {
    const { passed, failures } = await phpChecks('syntax.php')
    assert.deepEqual(failures, [])
    assert.isAbove(passed, 40)
  })

  test('asks and understands what the contract says', async ({ assert }) => {
    const { passed, failures } = await phpChecks('contract.php')
    assert.deepEqual(failures, [])
    assert.isAbove(passed, 40)
  })

  test('tells whatever goes wrong in a sentence, never as a success', async ({
    assert,
    cleanup,
  }) => {
    const tls = await TlsServer.listen((_request, response) => {
      response.end(JSON.stringify({ code: 200, msg: 'API连接正常', data: null }))
    })
    cleanup(() => tls.close())
    const { passed, failures } = await phpChecks('troubles.php', { TLS_URL: tls.url })
    assert.deepEqual(failures, [])
    assert.isAbove(passed, 100)
  })
})
