import i18nManager from '@adonisjs/i18n/services/main'
import { I18n } from '@adonisjs/i18n'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { DEFAULT_LOCALE, LOCALES, type Locale } from '#config/i18n'

export const LOCALE_COOKIE = 'portico_locale'

/** The remembered language, else the browser's, else Chinese. A closed list: the name reaches file paths. */
export default class DetectLocaleMiddleware {
  handle(ctx: HttpContext, next: NextFn) {
    detectLocale(ctx)
    return next()
  }
}

export function detectLocale(ctx: HttpContext): void {
  const remembered = ctx.request.plainCookie(LOCALE_COOKIE, { encoded: false })
  useLocale(ctx, isLocale(remembered) ? remembered : browserLocale(ctx))
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale)
}

export function useLocale(ctx: HttpContext, locale: Locale): void {
  ctx.i18n = i18nManager.locale(locale)
  ctx.containerResolver.bindValue(I18n, ctx.i18n)
  if ('view' in ctx) ctx.view.share({ i18n: ctx.i18n, t: ctx.i18n.t.bind(ctx.i18n) })
}

function browserLocale({ request }: HttpContext): Locale {
  const wanted = request.language([...LOCALES, 'zh']) ?? DEFAULT_LOCALE
  return wanted.startsWith('en') ? 'en' : 'zh-CN'
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    i18n: I18n
  }
}
