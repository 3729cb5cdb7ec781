import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import type { ComputeDriver } from '#drivers/contract'
import { driverFor } from '#drivers/registry'
import { errorOf, eventually, kindOf } from '#tests/drivers/conformance'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'

const REF = '20001'
const STAMP = 'i2345abcdefghjk'
const USER = `portico-${STAMP}@pve`
const SIZE = { columns: 80, rows: 24 }
const TERMPROXY = 'POST /nodes/{node}/lxc/{vmid}/termproxy'
const VNCPROXY = 'POST /nodes/{node}/lxc/{vmid}/vncproxy'

async function ground({ cleanup }: TestContext, settings = { consoleAccounts: true }) {
  const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
  cleanup(() => simulator.close())
  const placed = (vmid: number, stamp: string) =>
    simulator.place(vmid, { node: 'pve2', isRunning: true, config: { tags: `portico-${stamp}` } })
  placed(Number(REF), STAMP)
  const open = async (changes: object = {}) => {
    const driver = await driverFor({
      driver: 'proxmox',
      endpoint: simulator.endpoint,
      tlsFingerprint: simulator.fingerprint,
      credentials: { tokenId: simulator.tokenId, tokenSecret: simulator.token },
      settings,
      facts: null,
      ...changes,
    })
    cleanup(() => driver.close())
    return driver
  }
  const { access } = simulator.cluster
  const seen = (call: string) =>
    simulator.requests.filter((request) => request.call === call && request.status === 200)
  const whoOpened = (call: string) => seen(call).map(({ user }) => user)
  return { simulator, access, placed, open, seen, whoOpened }
}

/** Opens it until its first words are there, and leaves. */
async function visit(driver: ComputeDriver, ref = REF): Promise<void> {
  const { bytes } = await driver.console!.open(ref, 'serial', SIZE)
  let shown = ''
  bytes.on('data', (chunk: Buffer) => (shown += chunk.toString()))
  await eventually(
    async () => shown,
    (text) => text.includes('login:')
  )
  bytes.destroy()
  if (!shown.includes('login:')) throw new Error(`no login was asked for, but ${shown}`)
}

test.group('Proxmox VE driver | accounts for consoles', () => {
  test('terminal and screen are opened as the account of the one instance, which may nothing else', async (context) => {
    const { assert } = context
    const { simulator, access, placed, open, whoOpened } = await ground(context)
    placed(20_002, 'iother')
    const driver = await open()
    await driver.consoleAccounts!.provide(REF, STAMP)
    await visit(driver)
    const screen = await driver.screen!.open(REF)
    screen.destroy()
    assert.deepEqual([...whoOpened(TERMPROXY), ...whoOpened(VNCPROXY)], [USER, USER])
    assert.deepEqual(simulator.consoleAccounts, [{ stamp: STAMP, paths: [`/vms/${REF}`] }])
    const its = { id: USER, userid: USER, isToken: false }
    assert.sameMembers([...access.privileges(its, `/vms/${REF}`)], ['VM.Audit', 'VM.Console'])
    assert.isEmpty([...access.privileges(its, '/vms/20002')])
    assert.isEmpty([...access.privileges(its, '/')])
    assert.deepEqual(await driver.consoleAccounts!.stamps(), [STAMP])
    const invalid = simulator.invalidRequests.filter(({ call }) => !call.endsWith('/nextid'))
    assert.deepEqual(invalid, [])
  })

  test('one that is not there, lost its right or has an old password is mended on the way in', async (context) => {
    const { assert } = context
    const { access, open, seen, whoOpened } = await ground(context)
    const driver = await open()
    await visit(driver)
    access.forgetPath(`/vms/${REF}`)
    await visit(driver)
    access.user(USER).password = 'of an earlier token'
    await visit(driver)
    assert.deepEqual(whoOpened(TERMPROXY), [USER, USER, USER])
    // Nothing is removed that need not be: somebody else may be on the way in with it.
    assert.lengthOf(seen('DELETE /access/users/{userid}'), 1)
  })

  test('a token that was changed gives another password, and no two instances have the same', async (context) => {
    const { assert } = context
    const { simulator, access, placed, open } = await ground(context)
    placed(20_002, 'iother')
    const driver = await open()
    await driver.consoleAccounts!.provide(REF, STAMP)
    await driver.consoleAccounts!.provide('20002', 'iother')
    const [one, other] = [access.user(USER), access.user('portico-iother@pve')]
    assert.match(one.password!, /^[\w-]{32}$/)
    assert.notEqual(one.password, other.password)
    const before = one.password
    const { value } = access.addToken(simulator.username, 'next', { hasOwnRights: false })
    const tokenId = `${simulator.username}!next`
    const next = await open({ credentials: { tokenId, tokenSecret: value } })
    await visit(next)
    assert.notEqual(access.user(USER).password, before)
  })

  test('nobody is let into a guest that took the number', async (context) => {
    const { assert } = context
    const { simulator, open, placed, whoOpened } = await ground(context)
    const driver = await open()
    await driver.consoleAccounts!.provide(REF, STAMP)
    simulator.cluster.guests.get(Number(REF))!.config.tags = 'somebody;else'
    assert.equal(await kindOf(driver.consoleAccounts!.provide(REF, STAMP)), 'already_exists')
    assert.equal(await kindOf(driver.console!.open(REF, 'serial', SIZE)), 'already_exists')
    placed(Number(REF), 'ianother')
    assert.equal(await kindOf(driver.consoleAccounts!.provide(REF, STAMP)), 'already_exists')
    assert.isEmpty(whoOpened(TERMPROXY))
  })

  test('what is lacking for them is named, and without it there is no console', async (context) => {
    const { assert } = context
    const { access, open, whoOpened } = await ground(context)
    const driver = await open()
    const saying = async () => (await errorOf(driver.consoleAccounts!.check())).message
    await driver.consoleAccounts!.check()
    access.roles.set('PorticoConsole', new Set(['VM.Audit']))
    assert.equal(await saying(), 'the role PorticoConsole lacks VM.Console')
    access.roles.set('PorticoConsole', new Set(['VM.Audit', 'VM.Console', 'VM.PowerMgmt']))
    assert.equal(await saying(), 'the role PorticoConsole may not hold VM.PowerMgmt')
    access.roles.delete('PorticoConsole')
    assert.include(await saying(), "role 'PorticoConsole' does not exist")
    access.roles.set('PorticoConsole', new Set(['VM.Audit', 'VM.Console']))
    const rights = [...access.role('Portico')].filter((right) => right !== 'Realm.AllocateUser')
    access.roles.set('Portico', new Set(rights))
    assert.match(await saying(), /lacks Realm\.AllocateUser on \/access\/realm\/pve$/)
    assert.equal(await kindOf(driver.console!.open(REF, 'serial', SIZE)), 'unauthorized')
    assert.isEmpty(whoOpened(TERMPROXY))
  })

  test('withdrawn, it is gone; once more is no harm', async (context) => {
    const { assert } = context
    const { simulator, open } = await ground(context)
    const driver = await open()
    await driver.consoleAccounts!.provide(REF, STAMP)
    await driver.consoleAccounts!.withdraw(STAMP)
    await driver.consoleAccounts!.withdraw(STAMP)
    assert.isEmpty(simulator.consoleAccounts)
  })

  test('switched off, the cluster is asked as Portico itself, and for no account', async (context) => {
    const { assert } = context
    const { simulator, open, whoOpened } = await ground(context, { consoleAccounts: false })
    const driver = await open()
    assert.isFalse(driver.consoleAccounts!.isOn)
    await visit(driver)
    assert.deepEqual(whoOpened(TERMPROXY), [simulator.tokenId])
    assert.isFalse(simulator.requests.some(({ call }) => call.includes('/access/users')))
  })
})
