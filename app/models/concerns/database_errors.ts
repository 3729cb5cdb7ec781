/** A unique key refused the row; in MySQL, MariaDB and SQLite. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, errno } = (error ?? {}) as { code?: string; errno?: number }
  return (
    code === 'ER_DUP_ENTRY' ||
    errno === 1062 ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  )
}

/** Two transactions waited for each other and this one was rolled back; trying again is right. */
export function isDeadlock(error: unknown): boolean {
  const { code, errno } = (error ?? {}) as { code?: string; errno?: number }
  return code === 'ER_LOCK_DEADLOCK' || errno === 1213 || code === 'SQLITE_BUSY'
}
