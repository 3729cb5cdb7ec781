import db from '@adonisjs/lucid/services/db'

/** How many SQL statements `work` sends, those that begin and end transactions left out. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const client = db.connection().getWriteClient()
  let statements = 0
  const listen = ({ sql }: { sql: string }) => {
    if (!/^(begin|commit|rollback)/i.test(sql)) statements += 1
  }
  client.on('query', listen)
  try {
    await work()
  } finally {
    client.off('query', listen)
  }
  return statements
}
