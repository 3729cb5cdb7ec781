import type { HttpContext } from '@adonisjs/core/http'
import { wantsJson } from '#exceptions/handler'
import { LOCALE_COOKIE } from '#middleware/detect_locale_middleware'
import { ownPath } from '#transformers/own_path'
import { THEME_COOKIE } from '#start/view/preferences'
import { preferencesValidator } from '#validators/preferences'

/** Look and language, remembered in cookies; the language also on the user who is signed in. */
export default class PreferencesController {
  async store(ctx: HttpContext) {
    const { auth, request, response } = ctx
    const { theme, locale, return_to: returnTo } = await request.validateUsing(preferencesValidator)
    const remember = { encode: false, maxAge: '1y' } as const
    if (theme) response.plainCookie(THEME_COOKIE, theme, remember)
    if (locale) {
      response.plainCookie(LOCALE_COOKIE, locale, remember)
      const user = auth.use('web').user
      await user?.merge({ locale }).save()
    }
    if (wantsJson(ctx)) return response.noContent()
    return response.redirect().toPath(ownPath(returnTo))
  }
}
