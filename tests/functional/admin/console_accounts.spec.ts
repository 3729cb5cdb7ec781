import { test } from '@japa/runner'
import { freshAccounts } from '#tests/support/accounts'
import { auditEvents } from '#tests/support/audit'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { person, world } from '#tests/support/world'

test.group('Accounts for consoles, by the page', (group) => {
  freshAccounts(group)

  test('they are switched on when they can be made, and off again', async ({
    client,
    assert,
    cleanup,
  }) => {
    const simulator = await ProxmoxSimulator.start()
    cleanup(() => simulator.close())
    const { cluster } = await proxmoxCluster(simulator)
    const admin = await person({ staffRole: 'admin' })
    const path = `/admin/clusters/${cluster.uid}/console-accounts`
    const send = (method: 'put' | 'delete') =>
      client[method](path).loginAs(admin).withCsrfToken().redirects(0)
    const isOn = async () => {
      await cluster.refresh()
      return cluster.settings.consoleAccounts === true
    }
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes('pveum role add PorticoConsole')

    const role = simulator.cluster.access.role('PorticoConsole')
    simulator.cluster.access.roles.delete('PorticoConsole')
    const refused = await send('put')
    const notice = refused.flashMessage('notice') as { kind: string; message: string }
    assert.include(notice.message, "role 'PorticoConsole' does not exist")
    assert.isFalse(await isOn())

    simulator.cluster.access.roles.set('PorticoConsole', role)
    const done = await send('put')
    done.assertHeader('location', path)
    assert.isTrue(await isOn())
    const events = await auditEvents(null)
    assert.include(
      events.map(({ action }) => action),
      'cluster.changed'
    )
    const after = await client.get(path).loginAs(admin)
    after.assertTextIncludes('Each instance has an account of its own')
    await send('delete')
    assert.isFalse(await isOn())
  })

  test('a cluster of another kind has none', async ({ client, assert }) => {
    const { cluster } = await world()
    const admin = await person({ staffRole: 'admin' })
    const path = `/admin/clusters/${cluster.uid}/console-accounts`
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes('Clusters of this kind have no such accounts.')
    await client.put(path).loginAs(admin).withCsrfToken().redirects(0)
    await cluster.refresh()
    assert.isUndefined(cluster.settings.consoleAccounts)
  })
})
