import type { HttpContext } from '@adonisjs/core/http'
import { showOnce, shownOnce } from '#controllers/account/show_once'
import ApiToken from '#models/api_token'
import { apiTokenValidator, TOKEN_DAYS } from '#validators/proof'

export default class ApiTokensController {
  async index(ctx: HttpContext) {
    const tokens = await ApiToken.all(ctx.auth.use('web').getUserOrFail())
    return ctx.view.render('pages/account/api_tokens/index', {
      fresh: shownOnce<{ name: string; value: string }>(ctx, 'api_token'),
      tokens: tokens.map((token) => ({
        handle: ApiToken.handleOf(token),
        name: token.name,
        createdAt: token.createdAt,
        lastUsedAt: token.lastUsedAt,
        expiresAt: token.expiresAt,
        isExpired: token.isExpired(),
      })),
    })
  }

  async create({ view }: HttpContext) {
    return view.render('pages/account/api_tokens/create', { choices: TOKEN_DAYS })
  }

  async store(ctx: HttpContext) {
    const order = await ctx.request.validateUsing(apiTokenValidator)
    const value = await ApiToken.create(ctx.auth.use('web').getUserOrFail(), order)
    showOnce(ctx, 'api_token', { name: order.name, value })
    return ctx.response.redirect().toPath('/account/api-tokens')
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    await ApiToken.revoke(auth.use('web').getUserOrFail(), params.id)
    session.flash('notice', { kind: 'success', message: i18n.t('account.token_revoked') })
    return response.redirect().toPath('/account/api-tokens')
  }
}
