import { DateTime } from 'luxon'

/** A moment of a bare row: MySQL hands over a Date, SQLite text, in UTC and without saying so. */
export function readMoment(value: string | Date): DateTime {
  return value instanceof Date
    ? DateTime.fromJSDate(value, { zone: 'utc' })
    : DateTime.fromSQL(value, { zone: 'utc' })
}
