import vine from '@vinejs/vine'
import { LOCALES } from '#config/i18n'
import { THEMES } from '#start/view/preferences'

/** Closed lists: a locale's name reaches file paths. */
export const preferencesValidator = vine.create({
  theme: vine.enum(THEMES).optional(),
  locale: vine.enum(LOCALES).optional(),
  return_to: vine.string().maxLength(2000).optional(),
})
