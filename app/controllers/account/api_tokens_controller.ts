import type { HttpContext } from '@adonisjs/core/http'
import { showOnce, shownOnce } from '#controllers/account/show_once'
import ApiToken from '#models/api_token'
import { SCOPES } from '#models/types'
import { apiTokenRow } from '#transformers/api_token'
import { apiTokenValidator, TOKEN_DAYS, TOKEN_PACES } from '#validators/api_token'

export default class ApiTokensController {
  async index(ctx: HttpContext) {
    const user = ctx.auth.use('web').getUserOrFail()
    const [tokens, logins] = [await ApiToken.all(user), await ApiToken.logins(user)]
    return ctx.view.render('pages/account/api_tokens/index', {
      fresh: shownOnce<{ name: string; value: string }>(ctx, 'api_token'),
      tokens: tokens.map(apiTokenRow),
      logins: logins.filter((login) => !login.isExpired()).map(apiTokenRow),
    })
  }

  async create({ view }: HttpContext) {
    return view.render('pages/account/api_tokens/create', {
      choices: TOKEN_DAYS,
      scopes: SCOPES,
      paces: TOKEN_PACES,
    })
  }

  async store(ctx: HttpContext) {
    const wish = await ctx.request.validateUsing(apiTokenValidator)
    const value = await ApiToken.create(ctx.auth.use('web').getUserOrFail(), {
      name: wish.name,
      days: wish.days,
      scopes: wish.scopes,
      allowedAddresses: wish.allowed_addresses ?? [],
      requestsPerMinute: wish.requests_per_minute || null,
    })
    showOnce(ctx, 'api_token', { name: wish.name, value })
    return ctx.response.redirect().toPath('/account/api-tokens')
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    await ApiToken.revoke(auth.use('web').getUserOrFail(), params.id)
    session.flash('notice', { kind: 'success', message: i18n.t('account.token_revoked') })
    return response.redirect().toPath('/account/api-tokens')
  }
}
