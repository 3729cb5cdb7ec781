import { globSync, readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import i18nManager from '@adonisjs/i18n/services/main'
import { LOCALES, type Locale } from '#config/i18n'

/** All texts of a language, by key. */
export function textsOf(locale: Locale): Record<string, string> {
  return i18nManager.getTranslationsFor(locale)
}

/** Those of these keys that some language has no text for: `en: operations.step.x`. */
export function untold(keys: Iterable<string>): string[] {
  return [...new Set(keys)].flatMap((key) =>
    LOCALES.filter((locale) => !textsOf(locale)[key]).map((locale) => `${locale}: ${key}`)
  )
}

/** Where texts are asked for. */
export const ASKING = [
  'resources/views/**/*.edge',
  'resources/js/**/*.js',
  ...['app', 'start', 'commands', 'config', 'jobs', 'database'].map(
    (folder) => `${folder}/**/*.ts`
  ),
]

export function sources(patterns: string[]): { file: string; text: string }[] {
  return globSync(patterns, { cwd: app.makePath() }).map((file) => ({
    file,
    text: readFileSync(app.makePath(file), 'utf8'),
  }))
}
