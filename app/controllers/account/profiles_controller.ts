import type { HttpContext } from '@adonisjs/core/http'
import { timeZoneChoices } from '#transformers/time_zones'
import { profileValidator } from '#validators/account'

export default class ProfilesController {
  async edit({ auth, view, i18n }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    return view.render('pages/account/profiles/edit', {
      user,
      timeZones: timeZoneChoices(i18n.locale, user.timeZone),
    })
  }

  async update({ auth, request, response, session, i18n }: HttpContext) {
    const {
      full_name: fullName,
      locale,
      time_zone: timeZone,
    } = await request.validateUsing(profileValidator)
    await auth.use('web').getUserOrFail().changeProfile({ fullName, locale, timeZone })
    const message = i18n.t('account.profile_saved')
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/account/profile')
  }
}
