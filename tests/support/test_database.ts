import { basename } from 'node:path'
import app from '@adonisjs/core/services/app'

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
  await ace('migration:run', '--compact-output', '--no-schema-generate')
}

/** For tests that cannot be rolled back because other processes look on: empties every table. */
export async function emptyDatabase(): Promise<void> {
  testDatabaseName()
  await ace('db:truncate')
}

async function ace(name: string, ...flags: string[]): Promise<void> {
  const kernel = await app.container.make('ace')
  const command = await kernel.exec(name, flags)
  if (command.exitCode) throw command.error ?? new Error(`${name} failed`)
}
