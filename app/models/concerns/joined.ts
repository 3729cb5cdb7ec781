import type { LucidModel } from '@adonisjs/lucid/types/model'

/*
| Rows of several models out of one statement: pages and requests that come by the thousand cannot afford one
| for each model.
*/

/**
 * All columns of the model, each under its name with the prefix, for a raw select: put together once, since naming
 * thirty columns one by one takes knex as long as asking for them.
 */
export function aliased(model: LucidModel, prefix: string): string {
  const key = `${model.table} ${prefix}`
  const columns =
    known.get(key) ??
    [...model.$columnsDefinitions.values()]
      .map(({ columnName }) => `${model.table}.${columnName} as ${prefix}${columnName}`)
      .join(', ')
  known.set(key, columns)
  return columns
}

const known = new Map<string, string>()

/** The model's row among what was selected so. */
export function unaliased(
  row: Record<string, unknown>,
  model: LucidModel,
  prefix: string
): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const { columnName } of model.$columnsDefinitions.values()) {
    columns[columnName] = row[prefix + columnName]
  }
  return columns
}
