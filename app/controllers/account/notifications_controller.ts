import type { HttpContext } from '@adonisjs/core/http'
import NoticePreference from '#models/notice_preference'
import { tokenMailsValidator } from '#validators/notice'

/** What a person is told by mail: of their account here, of each organization on its own page. */
export default class NotificationsController {
  async edit({ auth, view }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const organizations = await NoticePreference.ofUser(user)
    return view.render('pages/account/notifications/edit', {
      tokenMails: user.tokenMails,
      organizations: organizations.map(({ name, slug, kinds }) => ({
        name,
        kinds,
        path: `/o/${slug}/notifications`,
      })),
    })
  }

  async update({ auth, request, response, session, i18n }: HttpContext) {
    const { token_mails: tokenMails } = await request.validateUsing(tokenMailsValidator)
    await auth
      .use('web')
      .getUserOrFail()
      .changeTokenMails(tokenMails ?? false)
    session.flash('notice', { kind: 'success', message: i18n.t('notices.saved') })
    return response.redirect().toPath('/account/notifications')
  }
}
