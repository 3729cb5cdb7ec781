import type { HttpContext } from '@adonisjs/core/http'
import ApiToken from '#models/api_token'
import { pageAmong } from '#models/concerns/keyset'
import { apiPage } from '#transformers/api/v1/page'
import { apiToken } from '#transformers/api/v1/token'
import { pageOf } from '#validators/instance_list'

/** What programs of the token's owner sign in with. A person makes them; a program may end them, also its own. */
export default class TokensController {
  async index({ auth, request }: HttpContext) {
    const { cursor, size } = pageOf(request.qs())
    const tokens = await ApiToken.all(auth.getUserOrFail())
    return apiPage(pageAmong(tokens, ApiToken.handleOf, cursor, size), apiToken)
  }

  async destroy({ auth, params, response }: HttpContext) {
    await ApiToken.revoke(auth.getUserOrFail(), params.id)
    return response.noContent()
  }
}
