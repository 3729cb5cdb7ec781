import type { HttpContext } from '@adonisjs/core/http'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { signIn } from '#controllers/sessions/ceremony'
import FirstAdministrator, { firstAdministratorPath } from '#models/first_administrator'
import { firstAdministratorValidator } from '#validators/account'

export default class FirstAdministratorsController {
  async create({ params, view }: HttpContext) {
    await FirstAdministrator.find(params.token)
    return view.render('pages/first_administrators/create', {
      action: firstAdministratorPath(params.token),
    })
  }

  async store(ctx: HttpContext) {
    const { params, request, i18n } = ctx
    await FirstAdministrator.find(params.token)
    const order = await request.validateUsing(firstAdministratorValidator)
    const user = await FirstAdministrator.welcome(params.token, {
      email: order.email,
      password: order.password,
      fullName: order.full_name,
      locale: i18n.locale,
      timeZone: DEFAULT_TIME_ZONE,
    })
    ctx.session.put('return_to', '/admin')
    return signIn(ctx, user, 'link')
  }
}
