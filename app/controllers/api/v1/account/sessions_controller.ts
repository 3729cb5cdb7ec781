import type { HttpContext } from '@adonisjs/core/http'
import { pageAmong } from '#models/concerns/keyset'
import { apiPage } from '#transformers/api/v1/page'
import { apiSession } from '#transformers/api/v1/session'
import { pageOf } from '#validators/instance_list'

/** Where the token's owner is signed in, and how to end that. */
export default class SessionsController {
  async index({ auth, request }: HttpContext) {
    const { cursor, size } = pageOf(request.qs())
    const open = await auth.getUserOrFail().openSessions()
    return apiPage(
      pageAmong(open, ({ uid }) => uid, cursor, size),
      apiSession
    )
  }

  async destroy({ auth, params, response }: HttpContext) {
    await auth.getUserOrFail().endSession(params.id)
    return response.noContent()
  }

  /** Everywhere at once. */
  async destroyAll({ auth, response }: HttpContext) {
    await auth.getUserOrFail().endOtherSessions()
    return response.noContent()
  }
}
