import { createRequire } from 'node:module'

/*
|--------------------------------------------------------------------------
| A COMMIT that failed is an error
|--------------------------------------------------------------------------
|
| knex takes the error of a COMMIT for itself (https://github.com/knex/knex/issues/3847): `trx.commit()` resolves, and
| only the promise of the whole transaction is rejected, at which Lucid does not look. An order answered with
| "accepted" would be lost with the database that died under it, and a lease that was never written would be used.
|
*/
interface Connection {
  /** Read by knex's pool, which closes such a connection in place of lending it again. */
  __knex__disposed?: unknown
}
interface Transaction {
  transactor: { executionPromise: Promise<unknown> }
  commit(connection: Connection, value?: unknown): Promise<unknown>
  release(connection: Connection, value?: unknown): Promise<unknown>
}

const require = createRequire(createRequire(import.meta.url).resolve('@adonisjs/lucid'))
const { prototype }: { prototype: Transaction } = require('knex/lib/execution/transaction')

function failing(end: Transaction['commit']): Transaction['commit'] {
  return async function (this: Transaction, connection, value) {
    const sent = end.call(this, connection, value)
    try {
      await sent
      return await this.transactor.executionPromise
    } catch (error) {
      connection.__knex__disposed = error // SQLite leaves the transaction open when it refuses to commit it
      throw error
    }
  }
}

prototype.commit = failing(prototype.commit)
prototype.release = failing(prototype.release)
