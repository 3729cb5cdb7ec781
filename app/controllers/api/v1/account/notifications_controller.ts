import type { HttpContext } from '@adonisjs/core/http'
import NoticePreference from '#models/notice_preference'
import type User from '#models/user'
import { ownMailsValidator } from '#validators/notice'

/** What a person is told by mail: of their tokens, chosen here; of each organization, chosen there. */
export default class NotificationsController {
  async show({ auth }: HttpContext) {
    return { data: await mailsOf(auth.getUserOrFail()) }
  }

  async update({ auth, request }: HttpContext) {
    const { token_mails: tokenMails } = await request.validateUsing(ownMailsValidator)
    const user = auth.getUserOrFail()
    await user.changeTokenMails(tokenMails)
    return { data: await mailsOf(user) }
  }
}

async function mailsOf(user: User) {
  return { token_mails: user.tokenMails, organizations: await NoticePreference.ofUser(user) }
}
