import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { TestContext } from '@japa/runner/core'
import { NotPossibleNow } from '#exceptions/domain_error'
import Backup from '#models/backup'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, tenant } from '#tests/support/world'

test.group('Backups that their cluster keeps', (group) => {
  group.each.teardown(emptyDatabase)

  test('one outlives its instance, comes back as another where it lies, and goes when it is deleted', async ({
    assert,
    cleanup,
  }) => {
    const { simulator, acme, instance, plan } = await stage(cleanup)
    const { cluster } = simulator
    const { node } = cluster.guests.get(Number(instance.ref))!
    const backup = await backUp(acme, instance)
    assert.isTrue(backup.isStored)
    assert.equal(backup.store, 'cluster')
    assert.isAbove(backup.sizeBytes!, 0)
    assert.lengthOf(cluster.backups, 1)
    assert.throws(() => backup.archive, NotPossibleNow)

    await finish(await acme.inside(() => instance.destroy(acme.owner)))
    assert.equal(cluster.guests.size, 0)
    assert.lengthOf(cluster.backups, 1)
    const { operation, instance: restored } = await acme.inside(async () =>
      (await reread(backup)).restore({ name: 'web-2', plan, by: acme.owner })
    )
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => restored.refresh())
    const guest = cluster.guests.get(Number(restored.ref))!
    assert.equal(guest.node, node)
    assert.isTrue(guest.isRunning)
    assert.include(guest.config.tags, restored.uid)
    assert.notInclude(guest.config.tags, instance.uid)
    const { address } = await db.from('addresses').where('instance_id', restored.id).firstOrFail()
    assert.equal(guest.network().ip?.split('/')[0], address)
    // Its own password is still the one that is on its disk.
    assert.isNull(await acme.inside(() => restored.revealRootPassword()))

    await acme.inside(async () => (await reread(backup)).remove({ by: acme.owner }))
    assert.isEmpty(cluster.backups)
    assert.isEmpty(simulator.invalidRequests.filter(({ call }) => !call.includes('nextid')))
  })

  test('one that cannot be made, or is gone when it is wanted, leaves nothing', async ({
    assert,
    cleanup,
  }) => {
    const { simulator, acme, instance, plan } = await stage(cleanup)
    const { cluster } = simulator
    simulator.failTask('vzdump', 'job errors')
    const failed = await acme.inside(() => instance.backup({ name: 'one', by: acme.owner }))
    await finish(failed.operation)
    assert.equal(failed.operation.state, 'failed')
    assert.isEmpty(cluster.backups)
    const backup = await backUp(acme, instance)
    cluster.backups = []
    const { operation } = await acme.inside(async () =>
      (await reread(backup)).restore({ name: 'web-2', plan, by: acme.owner })
    )
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.match(operation.error ?? '', /no such archive/)
    assert.equal(cluster.guests.size, 1)
  })
})

type Stage = Awaited<ReturnType<typeof stage>>

async function stage(cleanup: TestContext['cleanup']) {
  const simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
  cleanup(() => simulator.close())
  const { image, plan } = await proxmoxCluster(simulator)
  const acme = await tenant('Acme', { image, plan })
  await acme.lift()
  return { simulator, acme, plan, instance: await acme.instance('web-1') }
}

async function backUp(acme: Stage['acme'], instance: Stage['instance']): Promise<Backup> {
  const { operation, backup } = await acme.inside(() =>
    instance.backup({ name: 'kept', by: acme.owner })
  )
  await finish(operation)
  if (operation.state !== 'succeeded') throw new Error(operation.error ?? '')
  return acme.inside(() => reread(backup))
}

function reread({ id }: Backup): Promise<Backup> {
  return Backup.query().where('id', id).preload('instance').firstOrFail()
}
