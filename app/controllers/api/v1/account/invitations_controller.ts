import type { HttpContext } from '@adonisjs/core/http'
import Invitation from '#models/invitation'
import { pageAmong } from '#models/concerns/keyset'
import { apiOpenInvitation } from '#transformers/api/v1/invitation'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'

/** What waits for the token's owner. */
export default class InvitationsController {
  async index({ auth, request }: HttpContext) {
    const { cursor, size } = pageOf(request.qs())
    const waiting = await Invitation.openFor(auth.getUserOrFail())
    return apiPage(
      pageAmong(waiting, ({ uid }) => uid, cursor, size),
      apiOpenInvitation
    )
  }
}
