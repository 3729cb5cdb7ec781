import { basename } from 'node:path'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'

/**
 * The name of the database that the tests would empty.
 * @throws Error unless the name says that it is one for tests: nobody's data is dropped by a wrong variable
 */
export function testDatabaseName(): string {
  const { connection, connections } = app.config.get<{
    connection: string
    connections: Record<string, { connection: { filename?: string; database?: string } }>
  }>('database')
  const { filename, database } = connections[connection].connection
  const name = filename ? basename(filename).replace(/\.sqlite3?$/, '') : (database ?? '')
  if (!name.endsWith('_test')) {
    throw new Error(`the tests empty their database, and "${name}" does not end in "_test"`)
  }
  return name
}

/** All tables anew, whatever an interrupted run left behind. */
export async function freshDatabase(): Promise<void> {
  testDatabaseName()
  await ace('db:wipe')
  // The lock is one for the whole server, and other suites migrate their own databases on it.
  await ace('migration:run', '--compact-output', '--no-schema-generate', '--disable-locks')
}

/**
 * For tests that cannot be rolled back because other processes look on: empties every table that holds
 * something. Truncating all of them takes MariaDB half a second, and this is called hundreds of times.
 */
export async function emptyDatabase(): Promise<void> {
  testDatabaseName()
  const filled = await filledTables()
  if (filled.length === 0) return
  if (isSqlite()) await db.rawQuery('pragma foreign_keys = off')
  await db.transaction(async (trx) => {
    if (!isSqlite()) await trx.rawQuery('set foreign_key_checks = 0')
    for (const table of filled) await trx.from(table).delete()
    if (!isSqlite()) await trx.rawQuery('set foreign_key_checks = 1')
  })
  if (isSqlite()) await db.rawQuery('pragma foreign_keys = on')
}

async function filledTables(): Promise<string[]> {
  const all = await db.connection().getAllTables()
  const questions = all
    .filter((table) => !table.startsWith('adonis_schema'))
    .map(
      (table) =>
        `select '${table}' as name from (select 1) as one where exists (select 1 from ${table})`
    )
  const answer = await db.rawQuery(questions.join(' union all '))
  const rows = (isSqlite() ? answer : answer[0]) as { name: string }[]
  return rows.map(({ name }) => name)
}

const isSqlite = () => db.connection().dialect.name !== 'mysql'

async function ace(name: string, ...flags: string[]): Promise<void> {
  const kernel = await app.container.make('ace')
  const command = await kernel.exec(name, flags)
  if (command.exitCode) throw command.error ?? new Error(`${name} failed`)
}
