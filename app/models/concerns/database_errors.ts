type DatabaseError = { code?: string; errno?: number; fatal?: boolean; name?: string }

/** A unique key refused the row; in MySQL, MariaDB and SQLite. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, errno } = asDatabaseError(error)
  return (
    code === 'ER_DUP_ENTRY' ||
    errno === 1062 ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  )
}

/** The database rolled this transaction back so that another could go on; begun again it succeeds. */
export function isDeadlock(error: unknown): boolean {
  const { code, errno } = asDatabaseError(error)
  return code === 'ER_LOCK_DEADLOCK' || errno === 1213 || code === 'SQLITE_BUSY'
}

const PASSING = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_QUERY_INTERRUPTED',
  'ER_CONNECTION_KILLED',
  'ER_OPTION_PREVENTS_STATEMENT',
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
])

/**
 * The database restarts, is overloaded or resolved a deadlock: the same statement succeeds later. Drivers
 * let only DriverError out, so a bare network code can only come from the database's client.
 */
export function isPassing(error: unknown): boolean {
  const { code, name, fatal } = asDatabaseError(error)
  // `fatal` is mysql2's word for "this connection is gone"; the pool opens another.
  return PASSING.has(String(code)) || name === 'KnexTimeoutError' || fatal === true
}

/** Anything may be thrown, and a cause may be missing. */
function asDatabaseError(error: unknown): DatabaseError {
  return error instanceof Error ? (error as DatabaseError) : {}
}
