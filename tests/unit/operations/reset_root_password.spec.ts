import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { everyRow } from '#tests/support/everything'
import { holdings, watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, ROOT_PASSWORD, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

const CANARY = 'canary-41c9-the-bird-must-not-sing'

test.group('Resetting a root password', (group) => {
  operationConformance(group, {
    type: 'instance.reset_password',
    async scene() {
      const scene = await world()
      return { ...scene, instance: await scene.acme.instance('web-1') }
    },
    open: ({ acme, instance }) =>
      acme.inside(() => instance.resetPassword({ password: CANARY, by: acme.owner })),
    async done({ fake, instance }, assert) {
      assert.isTrue(fake.isRootPassword(instance.ref, CANARY))
      assert.equal((await holdings(instance.id)).secrets, 0)
    },
    // Nobody knows the old one, so it stays what it became; the new one is not kept to be shown.
    async undone({ instance }, assert) {
      const rows = await db.from('one_time_secrets').where('instance_id', instance.id)
      assert.lengthOf(rows, 1)
    },
  })
})

test.group('A new root password', (group) => {
  group.each.teardown(emptyDatabase)

  test('one that is made up is shown once, and the one before opens nothing', async ({
    assert,
  }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    const operation = await acme.inside(() => web.resetPassword({ by: acme.owner }))
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    const shown = await acme.inside(() => web.revealRootPassword())
    assert.isTrue(fake.isRootPassword(web.ref, shown!))
    assert.notEqual(shown, ROOT_PASSWORD)
    assert.isNull(await acme.inside(() => web.revealRootPassword()))
  })

  test('one that its owner chose is set, stands nowhere in the clear and is not kept', async ({
    assert,
    cleanup,
  }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    const looks: string[] = []
    watchSteps(cleanup, 'instance.reset_password', async () => {
      looks.push(await everyRow())
    })
    await finish(await acme.inside(() => web.resetPassword({ password: CANARY, by: acme.owner })))
    looks.push(await everyRow())
    assert.isTrue(fake.isRootPassword(web.ref, CANARY))
    assert.isAbove(looks.length, 2)
    assert.isTrue(looks.every((text) => !text.includes(CANARY)))
    assert.equal((await holdings(web.id)).secrets, 0)
    assert.isNull(await acme.inside(() => web.revealRootPassword()))
  })

  test('one that is refused leaves the old one, also for being shown', async ({ assert }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    fake.refuseNext('set_root_password', { kind: 'unsupported' })
    const operation = await acme.inside(() => web.resetPassword({ by: acme.owner }))
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.isFalse(operation.isRetryable)
    assert.isTrue(fake.isRootPassword(web.ref, ROOT_PASSWORD))
    assert.equal(await acme.inside(() => web.revealRootPassword()), ROOT_PASSWORD)
  })

  test('it needs a running instance that is not suspended', async ({ assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await db.table('suspensions').insert({
      uid: 'q1',
      organization_id: web.organizationId,
      instance_id: web.id,
      reason: 'abuse',
      open_on: `instance-${web.id} abuse`,
      created_at: '2026-01-01 00:00:00',
    })
    await assert.rejects(
      () => acme.inside(() => web.resetPassword({ by: acme.owner })),
      'E_INSTANCE_SUSPENDED'
    )
    await finish(await acme.inside(() => web.power('stop', acme.owner)))
    await acme.inside(() => web.refresh())
    await assert.rejects(
      () => acme.inside(async () => web.resetPassword({ by: acme.owner })),
      'E_INSTANCE_NOT_RUNNING'
    )
    assert.lengthOf(await db.from('one_time_secrets'), 1)
  })
})
