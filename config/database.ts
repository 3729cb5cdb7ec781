import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/lucid'

const migrations = { naturalSort: true, paths: ['database/migrations'] }

/** knex would write the bound values, secrets among them, into the message of every failed statement. */
const quietErrors = { compileSqlOnError: false }

/**
 * What MySQL 8 begins with. MariaDB lets more pass: a statement that MySQL would refuse is refused by both, and
 * whatever a server is set to changes nothing.
 */
const SQL_MODE = [
  'ONLY_FULL_GROUP_BY',
  'STRICT_TRANS_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
].join()

const server = env.get('DB_HOST', '127.0.0.1')
/** A server on the same machine is also reached by its socket: a fifth of a short request's work was TCP. */
const isSocket = server.startsWith('/')

/** SQLite is the embedded database of one machine; MySQL or MariaDB carry several processes and machines. */
const dbConfig = defineConfig({
  connection: env.get('DB_CONNECTION', 'sqlite'),
  prettyPrintDebugQueries: true,
  connections: {
    sqlite: {
      ...quietErrors,
      client: 'better-sqlite3',
      connection: { filename: env.get('DB_FILE') || app.tmpPath('portico.sqlite3') },
      useNullAsDefault: true,
      migrations,
      schemaGeneration: { enabled: false },
      pool: {
        afterCreate(
          connection: { pragma(source: string): void; prepare(sql: string): unknown },
          done: (error: Error | null, connection: unknown) => void
        ) {
          connection.pragma('journal_mode = WAL')
          connection.pragma('synchronous = NORMAL')
          connection.pragma('foreign_keys = ON')
          connection.pragma('busy_timeout = 15000')
          // A deferred transaction that reads first and writes later fails at once when another process
          // wrote in between; one that takes the write lock at its beginning waits its turn.
          const prepare = connection.prepare.bind(connection)
          connection.prepare = (sql) => prepare(/^begin;?$/i.test(sql) ? 'BEGIN IMMEDIATE' : sql)
          done(null, connection)
        },
      },
    },
    mysql: {
      ...quietErrors,
      client: 'mysql2',
      connection: {
        ...(isSocket ? { socketPath: server } : { host: server, port: env.get('DB_PORT', 3306) }),
        user: env.get('DB_USER', 'portico'),
        password: env.get('DB_PASSWORD')?.release() ?? '',
        database: env.get('DB_DATABASE', 'portico'),
        charset: 'utf8mb4',
        timezone: 'Z',
      },
      pool: {
        min: 1,
        max: env.get('DB_POOL_MAX', 10),
        afterCreate(
          connection: { query(sql: string, done: (error: Error | null) => void): void },
          done: (error: Error | null, connection: unknown) => void
        ) {
          // Under the default level a statement locks the gaps it looks through, and two operations that
          // have nothing to do with each other meet in deadlocks.
          connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', (error) => {
            if (error) return done(error, connection)
            connection.query(`SET SESSION sql_mode = '${SQL_MODE}'`, (refused) =>
              done(refused, connection)
            )
          })
        },
      },
      migrations,
      schemaGeneration: { enabled: true, rulesPaths: ['./database/schema_rules.js'] },
    },
  },
})

export default dbConfig
