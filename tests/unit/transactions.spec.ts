import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

const isSqlite = () => db.connection().dialect.name === 'better-sqlite3'

/** The COMMIT of this transaction will fail, and nothing before it. */
async function doom(trx: TransactionClientContract): Promise<void> {
  if (isSqlite()) {
    await trx.rawQuery('PRAGMA defer_foreign_keys = ON')
    await trx.table('commit_lines').insert({ name: 'lost', parent_id: 0 })
  } else {
    await trx.table('commit_lines').insert({ name: 'lost' })
    const [[{ id }]] = await trx.rawQuery('SELECT CONNECTION_ID() AS id')
    await db.rawQuery(`KILL CONNECTION ${Number(id)}`)
  }
}

const lines = async () => {
  const rows = await db.from('commit_lines').select('name')
  return rows.map(({ name }) => name)
}

test.group('A transaction', (group) => {
  group.setup(async () => {
    await db.rawQuery('CREATE TABLE commit_parents (id INTEGER PRIMARY KEY)')
    await db.rawQuery(
      'CREATE TABLE commit_lines (name VARCHAR(20), parent_id INTEGER REFERENCES commit_parents (id))'
    )
    return async () => {
      await db.rawQuery('DROP TABLE commit_lines')
      await db.rawQuery('DROP TABLE commit_parents')
    }
  })

  test('whose COMMIT failed has failed, and nobody is told that it was committed', async ({
    assert,
  }) => {
    let isTold = false
    const lost = db.transaction(async (trx) => {
      trx.after('commit', () => {
        isTold = true
      })
      await doom(trx)
    })
    await assert.rejects(() => lost)
    assert.isFalse(isTold)
    assert.isEmpty(await lines())
  })

  test('that was committed answers what its work answered, and so does one within it', async ({
    assert,
  }) => {
    const answer = await db.transaction(async (trx) => {
      await trx.table('commit_lines').insert({ name: 'outer' })
      return trx.transaction(async (inner) => {
        await inner.table('commit_lines').insert({ name: 'inner' })
        return 'both'
      })
    })
    assert.equal(answer, 'both')
    assert.sameMembers(await lines(), ['outer', 'inner'])
  })

  test('whose work failed throws that, and leaves nothing', async ({ assert }) => {
    const before = await lines()
    const failed = db.transaction(async (trx) => {
      await trx.table('commit_lines').insert({ name: 'thrown' })
      throw new Error('the work failed')
    })
    await assert.rejects(() => failed, 'the work failed')
    assert.sameMembers(await lines(), before)
  })
})
