import type { I18n } from '@adonisjs/i18n'
import i18nManager from '@adonisjs/i18n/services/main'
import { AUDIT_OUTCOMES } from '#models/types'

const PREFIX = 'audit.'
const CONDITIONS = ['actor', 'action', 'subject', 'outcome', 'organization', 'from', 'until']

/** What surrounds the events of a log: its conditions, as they were typed, and what can be chosen. */
export function auditList(typed: Record<string, unknown>, path: string, i18n: I18n) {
  const conditions = CONDITIONS.flatMap((name): [string, string][] => {
    const value = typed[name]
    return typeof value === 'string' && value !== '' ? [[name, value]] : []
  })
  const query = new URLSearchParams(conditions).toString()
  return {
    path,
    typed: Object.fromEntries(conditions),
    isFiltered: conditions.length > 0,
    query: query && `${query}&`,
    actions: actionsIn(i18n),
    outcomes: AUDIT_OUTCOMES,
  }
}

/** Everything that can stand in a log, in the reader's language. */
function actionsIn({ locale }: I18n): { value: string; label: string }[] {
  return Object.entries(i18nManager.getTranslationsFor(locale))
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, label]) => ({ value: key.slice(PREFIX.length), label }))
    .toSorted((a, b) => a.label.localeCompare(b.label, locale))
}
