import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { driverFor } from '#drivers/registry'
import type { ComputeDriver } from '#drivers/contract'
import { eventually, kindOf } from '#tests/drivers/conformance'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'

const REF = '20001'
const SIZE = { columns: 100, rows: 30 }

async function ground({ cleanup }: TestContext, access: 'token' | 'password' = 'token') {
  const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
  cleanup(() => simulator.close())
  const guest = simulator.place(Number(REF), { node: 'pve2', isRunning: true })
  guest.rootPassword = 'canary-Pass.word_7'
  const driver = await driverFor({
    driver: 'proxmox',
    endpoint: simulator.endpoint,
    tlsFingerprint: simulator.fingerprint,
    credentials:
      access === 'token'
        ? { tokenId: simulator.tokenId, tokenSecret: simulator.token }
        : { username: simulator.username, password: simulator.password },
    settings: {},
    facts: null,
  })
  cleanup(() => driver.close())
  return { simulator, guest, driver }
}

async function terminalOf(driver: ComputeDriver) {
  const stream = await driver.console!.open(REF, 'serial', SIZE)
  let shown = ''
  stream.bytes.on('data', (chunk: Buffer) => (shown += chunk.toString()))
  const shows = async (wanted: RegExp) => {
    await eventually(
      async () => shown,
      (text) => wanted.test(text)
    )
    if (!wanted.test(shown)) throw new Error(`${wanted} was never shown, but ${shown}`)
  }
  const signIn = async () => {
    await shows(/login: $/)
    stream.bytes.write('root\r')
    await shows(/Password: $/)
    stream.bytes.write('canary-Pass.word_7\r')
    await shows(/# $/)
  }
  return { ...stream, shows, signIn }
}

test.group('Proxmox VE driver | consoles', () => {
  for (const access of ['token', 'password'] as const) {
    test(`a terminal of another node, by ${access}: sizes and letters of every alphabet`, async (context) => {
      const { simulator, driver } = await ground(context, access)
      const terminal = await terminalOf(driver)
      await terminal.signIn()
      terminal.bytes.write('stty size\r')
      await terminal.shows(/\b30 100\b/)
      terminal.resize({ columns: 132, rows: 43 })
      terminal.bytes.write('stty size\r')
      await terminal.shows(/\b43 132\b/)
      terminal.bytes.write('echo 中文\r')
      await terminal.shows(/\n中文\r/)
      terminal.bytes.destroy()
      // Asked to find out whether a number is free, which the real one answers with 400, too.
      const invalid = simulator.invalidRequests.filter(({ call }) => !call.endsWith('/nextid'))
      context.assert.deepEqual(invalid, [])
    })
  }

  test('who leaves the shell has left the console', async (context) => {
    const { driver } = await ground(context)
    const terminal = await terminalOf(driver)
    await terminal.signIn()
    let hasEnded = false
    terminal.bytes.on('end', () => (hasEnded = true))
    terminal.bytes.write('exit\r')
    await eventually(
      async () => hasEnded,
      (isOver) => isOver
    )
    context.assert.isTrue(hasEnded)
  })

  test('a cluster that refuses, is lost or says nothing gives a console of none', async (context) => {
    const { assert } = context
    const { simulator, driver } = await ground(context)
    const open = () => driver.console!.open(REF, 'serial', SIZE)
    simulator.fail('POST /nodes/{node}/lxc/{vmid}/termproxy', 'unreachable')
    assert.equal(await kindOf(open()), 'unreachable')
    simulator.fail('POST /nodes/{node}/lxc/{vmid}/vncproxy', {
      status: 403,
      message: `Permission check failed (/vms/${REF}, VM.Console)`,
    })
    assert.equal(await kindOf(driver.screen!.open(REF)), 'unauthorized')
    assert.equal(await kindOf(driver.console!.open(REF, 'shell', SIZE)), 'unsupported')
    simulator.expireToken()
    assert.equal(await kindOf(open()), 'unauthorized')
  })
})
