import type { LucidModel } from '@adonisjs/lucid/types/model'

/*
| Rows of several models out of one statement: pages and requests that come by the thousand cannot afford one
| for each model.
*/

/** All columns of the model, each under its name with the prefix, for a select. */
export function aliased(model: LucidModel, prefix: string): string[] {
  return [...model.$columnsDefinitions.values()].map(
    ({ columnName }) => `${model.table}.${columnName} as ${prefix}${columnName}`
  )
}

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
