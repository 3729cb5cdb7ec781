import db from '@adonisjs/lucid/services/db'

type Statement = { sql: string; bindings: unknown[] }

/** How many SQL statements `work` sends, those that begin and end transactions left out. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  return (await statementsOf(work)).length
}

/** Tables that a mere visit may write to: when somebody was seen last, and how often they came. */
const VISITED = ['sessions', 'user_sessions', 'rate_limits', 'auth_access_tokens']

/** What `work` writes, but for what every visit leaves behind. */
export async function writesOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements = await statementsOf(work)
  return statements
    .map(({ sql }) => sql)
    .filter((sql) => /^\s*(insert|update|delete|replace)\b/i.test(sql))
    .filter(
      (sql) => !VISITED.some((table) => new RegExp(`^\\S+ (into |from )?\\W?${table}\\b`).test(sql))
    )
}

/** The index by which each table that `work` asks is read; null: it is read whole. */
export async function indexesOf(work: () => Promise<unknown>): Promise<(string | null)[]> {
  const found: (string | null)[] = []
  for (const { sql, bindings } of await statementsOf(work)) {
    found.push(...(await (isMysql() ? mysqlIndexes : sqliteIndexes)(sql, bindings)))
  }
  return found
}

async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const client = db.connection().getWriteClient()
  const statements: Statement[] = []
  const listen = ({ sql, bindings }: Statement) => {
    if (!/^(begin|commit|rollback)/i.test(sql)) statements.push({ sql, bindings })
  }
  client.on('query', listen)
  try {
    await work()
  } finally {
    client.off('query', listen)
  }
  return statements
}

const isMysql = () => db.connection().dialect.name === 'mysql'

async function mysqlIndexes(sql: string, bindings: unknown[]) {
  const [rows] = (await db.rawQuery(`explain ${sql}`, bindings as string[])) as [
    { key: string | null }[],
  ]
  return rows.map(({ key }) => key)
}

async function sqliteIndexes(sql: string, bindings: unknown[]) {
  const rows = (await db.rawQuery(`explain query plan ${sql}`, bindings as string[])) as {
    detail: string
  }[]
  return rows
    .filter(({ detail }) => /^(SEARCH|SCAN)/.test(detail))
    .map(({ detail }) => /INDEX (\w+)/.exec(detail)?.[1] ?? null)
}
