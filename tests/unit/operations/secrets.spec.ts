import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import redis from '@adonisjs/redis/services/main'
import OneTimeSecret from '#models/one_time_secret'
import { Tenant } from '#models/concerns/tenant'
import { everyKey, everyRow } from '#tests/support/everything'
import { holdings, runOnce, watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, ROOT_PASSWORD, world } from '#tests/support/world'

const CANARY = 'canary-7f3a-the-bird-must-not-sing'

const isRedisAway = () =>
  redis.ping().then(
    () => false,
    () => true
  )

test.group('Secrets of an operation', (group) => {
  group.each.teardown(emptyDatabase)

  test('stand in no row and no key of the queue in the clear, whatever happens', async ({
    assert,
    cleanup,
  }) => {
    const { acme, cluster, fake } = await world()
    cluster.setCredentials({ privateKey: CANARY })
    await cluster.save()
    const order = (name: string) => acme.order(name, { rootPassword: CANARY })
    const looks: string[] = []
    const look = async () => {
      looks.push(await everyRow(), await everyKey())
    }

    watchSteps(cleanup, 'instance.create', look)
    await finish((await order('good')).operation)
    const bad = await order('bad')
    fake.refuseNext('set_root_password', { kind: 'unreachable' })
    await runOnce(bad.operation)
    await look()
    fake.refuseNext('set_root_password', { kind: 'invalid' })
    await finish(bad.operation)
    await look()

    assert.isAbove(looks.length, 20)
    assert.isTrue(looks.every((text) => !text.includes(CANARY)))
    assert.isTrue(fake.isRootPassword((await instanceOf('good')).ref, CANARY))
  })
    .skip(isRedisAway, 'no Redis answers')
    .timeout(60_000)

  test('a password is not shown before it is set', async ({ assert }) => {
    const { acme } = await world()
    const { instance, operation } = await acme.order('web-1')
    assert.isNull(await acme.inside(async () => (await secretOf(instance.id)).reveal()))
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(
      await acme.inside(async () => (await secretOf(instance.id)).reveal()),
      ROOT_PASSWORD
    )
  })

  test('it is shown once, also to ten who ask at the same time', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const secret = await acme.inside(() => secretOf(instance.id))
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => acme.inside(() => secret.reveal()))
    )
    assert.deepEqual(
      answers.filter((answer) => answer !== null),
      [ROOT_PASSWORD]
    )
    assert.equal((await holdings(instance.id)).secrets, 0)
  })

  test('after a day it is forgotten unread', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const past = DateTime.utc().minus({ minutes: 1 }).toFormat('yyyy-MM-dd HH:mm:ss')
    await db.from('one_time_secrets').update({ expires_at: past })
    assert.isNull(await acme.inside(async () => (await secretOf(instance.id)).reveal()))
    assert.equal(await Tenant.system('a test', () => OneTimeSecret.forgetExpired()), 1)
    assert.equal((await holdings(instance.id)).secrets, 0)
    assert.equal(await Tenant.system('a test', () => OneTimeSecret.forgetExpired()), 0)
  })

  test('a create whose password expired while it waited is taken back', async ({ assert }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    await db.from('one_time_secrets').update({ value_encrypted: null })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.errorKind, 'refused')
    assert.equal(operation.error, 'E_SECRET_GONE')
    assert.equal(fake.count(), 0)
  })

  test('it goes with its instance', async ({ assert }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    await finish(await acme.inside(() => instance.destroy(acme.owner)))
    assert.lengthOf(await db.from('one_time_secrets'), 0)
  })
})

const secretOf = (instanceId: number) => OneTimeSecret.findByOrFail('instanceId', instanceId)

const instanceOf = (name: string) => db.from('instances').where('name', name).firstOrFail()
