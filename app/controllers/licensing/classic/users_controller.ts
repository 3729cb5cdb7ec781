import type { HttpContext } from '@adonisjs/core/http'
import { DomainError } from '#exceptions/domain_error'
import { classicUsers } from '#models/classic_users'
import { ClassicLicensing } from '#models/classic_licensing'
import UserAdministration from '#models/user_administration'
import StaffPolicy from '#policies/staff_policy'
import { classicUser } from '#transformers/api/licensing/classic'
import {
  classicUserEditValidator,
  classicUserValidator,
  idsIn,
} from '#validators/classic_licensing'
import { searchOf } from '#validators/list'

/** People, as the old licence manager told of them. Nobody's password is ever among it. */
export default class UsersController {
  async index({ classicCaller, request, response }: HttpContext) {
    const page = await classicUsers(classicCaller!.user!, searchOf(request.qs()).cursor)
    const data = page.rows.map(({ user, organization }) => classicUser(user, organization))
    return response.send({ status: 'success', data, next: page.next })
  }

  /** `link`: by which the person chooses a password, in the place of the first one that used to be kept. */
  async store({ bouncer, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { organization, osAuthUrl, ...facts } = await request.validateUsing(classicUserValidator)
    const { user, link } = await UserAdministration.create({
      ...facts,
      fullName: facts.username ?? null,
      staffRole: null,
      organizationName: organization,
      keystoneUrl: osAuthUrl ?? null,
    })
    return response.send({ status: 'success', data: { id: user.uid, email: user.email, link } })
  }

  async update({ bouncer, request, response, i18n }: HttpContext) {
    const typed = await request.validateUsing(classicUserEditValidator)
    const user = await ClassicLicensing.findUser(typed.id)
    if (!user) return response.send({ status: 'fail', data: i18n.t('licenses.classic_no_user') })
    await bouncer.with(StaffPolicy).authorize('manage', user)
    const { email, fullName, username, phone, keystoneUrl } = user
    await UserAdministration.change(user, {
      email: typed.email ?? email,
      fullName,
      username: typed.username === undefined ? username : typed.username,
      phone: typed.phone === undefined ? phone : typed.phone,
      keystoneUrl: typed.osAuthUrl === undefined ? keystoneUrl : typed.osAuthUrl,
    })
    return response.send({ status: 'success', data: { id: typed.id } })
  }

  async destroy({ bouncer, request, response }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('configure')
    const [gone, kept]: [string[], string[]] = [[], []]
    for (const id of idsIn(request.body())) {
      const user = await ClassicLicensing.findUser(id)
      try {
        const isOurs = user !== null && (await policy.allows('manage', user))
        if (isOurs) await UserAdministration.delete(user)
        ;(isOurs ? gone : kept).push(id)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        kept.push(id)
      }
    }
    return response.send({
      status: kept.length === 0 ? 'success' : 'fail',
      success_list: gone,
      fail_list: kept,
    })
  }
}
