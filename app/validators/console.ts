import vine from '@vinejs/vine'
import { CONSOLE_VIEWS, type ConsoleView } from '#models/types'
import { whole } from '#validators/rules/numbers'

/** Which console a page shows. What it does not know falls back: an old bookmark still works. */
export function consoleRequest(
  query: Record<string, unknown>,
  offered: readonly ConsoleView[]
): ConsoleView {
  return offered.find((kind) => kind === query.kind) ?? offered[0]!
}

export const consoleTicketValidator = vine.create({ kind: vine.enum(CONSOLE_VIEWS) })

/** The window that the browser has. */
export const consoleSocketValidator = vine.create({
  columns: whole().range([1, 1_000]),
  rows: whole().range([1, 1_000]),
})
