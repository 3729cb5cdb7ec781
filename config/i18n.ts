import app from '@adonisjs/core/services/app'
import { defineConfig, loaders } from '@adonisjs/i18n'
import { rememberedIcu } from '#start/remembered_messages'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]
export const DEFAULT_LOCALE: Locale = 'zh-CN'
/** Of readers who are not signed in. */
export const DEFAULT_TIME_ZONE = 'Asia/Shanghai'

const i18nConfig = defineConfig({
  defaultLocale: DEFAULT_LOCALE,
  supportedLocales: [...LOCALES],
  fallbackLocales: { en: 'zh-CN' },
  formatter: rememberedIcu(),
  loaders: [loaders.fs({ location: app.languageFilesPath() })],
})

export default i18nConfig
