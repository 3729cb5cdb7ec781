import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'

/** What was sent once and what was answered: a test sends it again and compares. */
export type Example = {
  query?: Record<string, string>
  body?: unknown
  answer: unknown
}

let read: Record<string, Example> | undefined

export function examples(): Record<string, Example> {
  read ??= JSON.parse(readFileSync(app.makePath('resources/api/examples.json'), 'utf8')) as Record<
    string,
    Example
  >
  return read
}
