import { column } from '@adonisjs/lucid/orm'

/**
 * Columns that the two databases hand over differently. SQLite reads JSON as text where MySQL parses it,
 * and booleans as 0 and 1; big integers may come as bigint. After these, a row reads the same on both.
 */
export const jsonColumn = () =>
  column({
    prepare: (value: unknown) =>
      value === null || value === undefined ? value : JSON.stringify(value),
    consume: (value: unknown) => (typeof value === 'string' ? JSON.parse(value) : value),
  })

/** The same for a row that is not a model. */
export function parsedJson<T>(value: string | T): T {
  return typeof value === 'string' ? (JSON.parse(value) as T) : value
}

export const booleanColumn = () =>
  column({ consume: (value: unknown) => (value === null ? null : Boolean(value)) })

/** For integers beyond 32 bits that stay below 2^53, such as milliseconds. */
export const numberColumn = () =>
  column({ consume: (value: unknown) => (value === null ? null : Number(value)) })
