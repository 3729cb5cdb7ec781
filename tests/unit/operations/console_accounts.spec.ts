import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { DriverError } from '#drivers/errors'
import DoctorCheck from '#models/doctor_check'
import { ConsoleAccounts } from '#models/console_accounts'
import { Examination } from '#models/examination'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { compare } from '#tests/support/drift'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, tenant } from '#tests/support/world'

const MAKE = 'POST /access/users'

async function stage({ cleanup }: TestContext, settings = { consoleAccounts: true }) {
  const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }] })
  cleanup(() => simulator.close())
  const { cluster, image, plan } = await proxmoxCluster(simulator, settings)
  const acme = await tenant('Acme', { image, plan })
  const its = ({ uid, ref }: Instance) => ({ stamp: uid, paths: [`/vms/${ref}`] })
  const done = async (order: () => Promise<Operation>) => {
    const operation = await finish(await acme.inside(order))
    if (operation.state !== 'succeeded') throw new Error(String(operation.error))
    return operation
  }
  const examined = async () => {
    await Tenant.system('test', () => new Examination(cluster).run())
    const checks = await DoctorCheck.ofCluster(cluster)
    const { saying, measured } = checks.find(({ name }) => name === 'console_accounts')!
    return { saying, measured }
  }
  return { simulator, cluster, image, acme, its, done, examined }
}

test.group('Accounts for consoles', (group) => {
  group.each.teardown(emptyDatabase)

  test('come with an instance and go with it', async (context) => {
    const { assert } = context
    const { simulator, acme, its, done } = await stage(context)
    const [one, other] = [await acme.instance('web-1'), await acme.instance('web-2')]
    assert.sameDeepMembers(simulator.consoleAccounts, [its(one), its(other)])
    await done(() => one.destroy(acme.owner))
    assert.deepEqual(simulator.consoleAccounts, [its(other)])
  })

  test('a create that is taken back leaves none', async (context) => {
    const { assert } = context
    const { simulator, acme } = await stage(context)
    const { operation } = await acme.order('web-1')
    watchSteps(context.cleanup, 'instance.create', (point) => {
      if (point !== 'run verify before') return
      assert.lengthOf(simulator.consoleAccounts, 1)
      throw new DriverError('invalid', 'it is to be taken back')
    })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.isEmpty(simulator.consoleAccounts)
    assert.equal(simulator.cluster.guests.size, 0)
  })

  test('a reinstalled instance keeps its account, good for the number it has', async (context) => {
    const { assert } = context
    const { simulator, acme, image, its, done } = await stage(context)
    const instance = await acme.instance('web-1')
    const { ref } = instance
    await done(() => instance.reinstall({ image, password: 'another-Passw0rd', by: acme.owner }))
    await acme.inside(() => instance.refresh())
    assert.equal(instance.ref, ref)
    assert.deepEqual(simulator.consoleAccounts, [its(instance)])
  })

  test('no instance waits for an account that is refused; the doctor tells', async (context) => {
    const { assert } = context
    const { simulator, acme, examined } = await stage(context)
    simulator.fail(MAKE, { status: 403, message: 'Permission check failed' }, { times: 100 })
    const instance = await acme.instance('web-1')
    assert.equal(instance.powerState, 'running')
    assert.isEmpty(simulator.consoleAccounts)
    simulator.cluster.access.roles.delete('PorticoConsole')
    const check = await examined()
    assert.equal(check.saying, 'console_accounts_fail')
    assert.include(check.measured.detail as string, 'PorticoConsole')
  })

  test('one that was busy a moment is asked again', async (context) => {
    const { assert } = context
    const { simulator, acme, its } = await stage(context)
    simulator.fail(MAKE, 'unreachable')
    const instance = await acme.instance('web-1')
    assert.deepEqual(simulator.consoleAccounts, [its(instance)])
  })

  test('what an instance left behind goes with the next comparison, and nobody else’s does', async (context) => {
    const { assert } = context
    const { simulator, cluster, acme, its, done, examined } = await stage(context)
    const [gone, stays] = [await acme.instance('web-1'), await acme.instance('web-2')]
    const refusal = { status: 403, message: 'Permission check failed' }
    simulator.fail('DELETE /access/users/{userid}', refusal)
    await done(() => gone.destroy(acme.owner))
    // Another Portico on the same cluster.
    simulator.cluster.access.addUser('portico-i99999999999999@pve')
    const left = { stamp: gone.uid, paths: [] }
    const others = { stamp: 'i99999999999999', paths: [] }
    assert.sameDeepMembers(simulator.consoleAccounts, [left, its(stays), others])
    const warned = await examined()
    assert.deepEqual(warned, { saying: 'console_accounts_warn', measured: { count: 1 } })
    await compare(cluster)
    assert.sameDeepMembers(simulator.consoleAccounts, [its(stays), others])
    const well = await examined()
    assert.deepEqual(well, { saying: 'console_accounts_ok', measured: { count: 1 } })
  })

  test('switched on and off: none before, theirs with a console, none after', async (context) => {
    const { assert } = context
    const { simulator, cluster, acme, its, examined } = await stage(context, {
      consoleAccounts: false,
    })
    const instance = await acme.instance('web-1')
    assert.isEmpty(simulator.consoleAccounts)
    assert.equal((await examined()).saying, 'console_accounts_ok_off')
    const accounts = new ConsoleAccounts(cluster)
    await accounts.switchOn()
    const driver = await cluster.openDriver()
    const screen = await driver.screen!.open(instance.ref)
    screen.destroy()
    await driver.close()
    assert.deepEqual(simulator.consoleAccounts, [its(instance)])
    await accounts.switchOff()
    assert.isEmpty(simulator.consoleAccounts)
  })
})
