import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { operationCounts, operationsByHour } from '#models/platform_activity'
import { sqlTime } from '#models/concerns/sql'
import { DateTime } from 'luxon'
import { indexesOf } from '#tests/support/statements'
import { emptyDatabase } from '#tests/support/test_database'
import { world, type World } from '#tests/support/world'

test.group('Platform activity', (group) => {
  group.each.setup(() => emptyDatabase())

  test('what ended since yesterday is read from an index, however long the history', async ({
    assert,
  }) => {
    await history(await world())
    for (const ask of [operationCounts, operationsByHour]) {
      const indexes = await indexesOf(ask)
      assert.include(indexes, 'operations_state_ended_at_index')
      assert.isTrue(indexes.every((index) => index !== null))
    }
    assert.deepEqual(await operationCounts(), { queued: 1, succeeded: 5 })
  })
})

/** One that is open, five that ended an hour ago, and two thousand older ones. */
async function history({ acme }: World) {
  const { operation } = await acme.order('web-1')
  const { id, ...row } = await db.from('operations').where('id', operation.id).firstOrFail()
  const ended = (index: number) => ({
    ...row,
    input: '{}',
    steps: '[]',
    uid: `x-${index}`,
    open_on: null,
    request_key: null,
    state: 'succeeded',
    ended_at: sqlTime(DateTime.utc().minus({ hours: index < 5 ? 1 : 48 + index })),
  })
  for (let from = 0; from < 2_000; from += 100) {
    await db
      .table('operations')
      .multiInsert(Array.from({ length: 100 }, (_, index) => ended(from + index)))
  }
}
