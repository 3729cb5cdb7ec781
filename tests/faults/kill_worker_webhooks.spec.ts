import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { CrashingWorker } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { until } from '#tests/support/processes'
import { emptyDatabase } from '#tests/support/test_database'
import { endpoint, listener } from '#tests/support/webhooks'
import { world } from '#tests/support/world'

/** An endpoint of this machine, whose answers are waited for so long only that a successor need not wait long. */
const QUICK = { WEBHOOK_ALLOWED_RANGES: '127.0.0.1', WEBHOOK_ANSWER_MS: '2000' }

test.group('kill -9 of the worker while an endpoint is called', (group) => {
  const absent = missingPrograms()
  group.each.skip(absent !== null, absent ?? '')
  group.each.teardown(async () => {
    if (!absent) await emptyDatabase()
  })

  test('its successor sends it again, under the same id, until it is taken', async ({
    assert,
    cleanup,
  }) => {
    const { variables } = await FaultGround.shared()
    const { acme } = await world()
    const called = Promise.withResolvers<void>()
    let answer: number | null = null
    const { url, received } = await listener(cleanup, () => {
      called.resolve()
      return answer
    })
    const { webhook } = await endpoint(acme, url)
    const first = await CrashingWorker.start({ ...variables, ...QUICK })
    cleanup(async () => void (await first.die()))
    await acme.inside(() => webhook.ping())
    await called.promise
    await first.die()

    const [left] = await db.from('webhook_deliveries')
    assert.deepInclude(left, { state: 'waiting', attempts: 0 })
    answer = 204
    const heir = await CrashingWorker.start({ ...variables, ...QUICK })
    cleanup(async () => void (await heir.die()))
    const isDelivered = async () => {
      const [delivery] = await db.from('webhook_deliveries')
      return delivery?.state === 'delivered'
    }
    await until('the delivery has arrived', isDelivered, 60_000)
    assert.isAtLeast(received.length, 2)
    assert.lengthOf(new Set(received.map(({ headers }) => headers['webhook-id'])), 1)
    assert.lengthOf(new Set(received.map(({ body }) => body)), 1)
  }).timeout(120_000)
})
