import { existsSync } from 'node:fs'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { runBackupRound } from '#models/copy_round'
import Quota from '#models/quota'
import Transfer from '#models/transfer'
import { Tenant } from '#models/concerns/tenant'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { ended, usage } from '#tests/support/steps'
import { noticeTypes } from '#tests/support/webhooks'
import { world } from '#tests/support/world'

/** What no operation does and a process may die over all the same. */
test.group('kill -9 in what is done at once', (group) => {
  const missing = missingPrograms()
  if (missing) {
    test('leaves one side or the other').skip(true, missing)
    return
  }

  let succession: Succession
  group.setup(async () => {
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
    return () => succession.end()
  })

  test('an instance that changes hands is of one side with all it has, wherever it died', async ({
    assert,
  }) => {
    const worlds = []
    for (const place of ['handed over', 'quotas moved', 'one side told']) {
      const scene = await readyInstance(place)
      const { acme, globex, instance } = scene
      const transfer = await acme.inside(() =>
        Transfer.offer(instance, { to: globex.organization.slug, by: acme.owner })
      )
      await db.from('notices').delete()
      worlds.push({ ...scene, place, transfer })
    }
    await succession.dieTogether(
      worlds.map(({ globex, name, place, transfer }) => ({
        at: `${name}: ${place}`,
        order: async () =>
          succession.worker.run({
            errand: 'accept transfer',
            name,
            uid: transfer.uid,
            organizationId: globex.organization.id,
            userId: globex.owner.id,
          }),
      }))
    )
    for (const { acme, globex, instance, place, transfer } of worlds) {
      const isDone = place === 'handed over'
      const [owner, other] = isDone ? [globex, acme] : [acme, globex]
      const row = await db.from('instances').where('id', instance.id).firstOrFail()
      assert.equal(row.organization_id, owner.organization.id, place)
      assert.equal((await usage(owner.organization.id)).instances, 1, place)
      assert.equal((await usage(other.organization.id)).instances, 0, place)
      const told = await noticeTypes(other.organization)
      assert.deepEqual(told, isDone ? ['transfer.completed'] : [], place)
      if (isDone) continue
      // It is still offered, and whoever asks again gets it.
      await globex.inside(async () => {
        const again = await Transfer.offeredAs(globex.organization, transfer.uid)
        await again.accept({ by: globex.owner })
      })
      assert.equal((await usage(globex.organization.id)).instances, 1, place)
    }
    assert.isEmpty(await Quota.recount(false))
  })

  test('a backup that is removed is there, or gone for good, wherever it died', async ({
    assert,
  }) => {
    const worlds = []
    for (const place of ['quota given back', 'let go', 'archive gone', 'removed']) {
      const scene = await readyInstance(place)
      const { acme, instance } = scene
      const made = await acme.inside(() => instance.backup({ name: 'kept', by: acme.owner }))
      await ended(made.operation)
      worlds.push({ ...scene, place, backup: made.backup })
    }
    await succession.dieTogether(
      worlds.map(({ acme, name, place, backup }) => ({
        at: `${name}: ${place}`,
        order: async () =>
          succession.worker.run({
            errand: 'remove backup',
            name,
            uid: backup.uid,
            organizationId: acme.organization.id,
            userId: acme.owner.id,
          }),
      }))
    )
    await Tenant.system('test', () => runBackupRound())
    for (const { acme, instance, place, backup } of worlds) {
      // Only the one that died before it was decided is as it was.
      const isLeft = place === 'quota given back'
      const rows = await db.from('backups').where('instance_id', instance.id)
      assert.lengthOf(rows, isLeft ? 1 : 0, place)
      const archive = app.makePath('tmp/test-backups', backup.archiveKey)
      assert.equal(existsSync(archive), isLeft, place)
      assert.equal((await usage(acme.organization.id)).backups, isLeft ? 1 : 0, place)
    }
    assert.isEmpty(await Quota.recount(false))
  })
})

/** One that runs, called as nobody else's. */
async function readyInstance(place: string) {
  const scene = await world()
  const name = place.replaceAll(' ', '-')
  const { instance, operation } = await scene.acme.order(name)
  await ended(operation)
  await scene.acme.inside(() => instance.refresh())
  return { ...scene, instance, name }
}
