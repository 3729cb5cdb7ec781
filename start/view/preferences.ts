import type { HttpContext } from '@adonisjs/core/http'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]
export const THEME_COOKIE = 'portico_theme'

/** The remembered look. Written into <html> by the server, so that the first paint is already right. */
export function themeOf(request: HttpContext['request'] | undefined): Theme {
  const remembered = request?.plainCookie(THEME_COOKIE, { encoded: false })
  return THEMES.includes(remembered) ? remembered : 'system'
}
