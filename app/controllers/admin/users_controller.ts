import type { HttpContext } from '@adonisjs/core/http'
import { listUsers } from '#models/people'
import User from '#models/user'
import UserAdministration from '#models/user_administration'
import { STAFF_ROLES } from '#models/types'
import StaffPolicy from '#policies/staff_policy'
import { adminUser } from '#transformers/admin_user'
import { confirmationValidator } from '#validators/confirmation'
import { searchOf } from '#validators/list'
import { newUserValidator, userValidator } from '#validators/user'

export default class UsersController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const { words, cursor } = searchOf(request.qs())
    const page = await listUsers(words, cursor)
    return view.render('pages/admin/users/index', {
      users: page.rows,
      page,
      words,
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    return view.render('pages/admin/users/create', { staffRoles: STAFF_ROLES })
  }

  async store({ bouncer, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { organization, ...facts } = await request.validateUsing(newUserValidator)
    const order = { ...facts, organizationName: organization }
    const { user, link } = await UserAdministration.create(order)
    session.flash('userLink', link)
    const message = i18n.t('users.added', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }

  async show({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const user = await User.query()
      .where('uid', params.id)
      .preload('memberships', (memberships) => memberships.preload('organization').orderBy('id'))
      .firstOrFail()
    return view.render('pages/admin/users/show', {
      ...adminUser(user, await user.openSessions()),
      staffRoles: STAFF_ROLES,
      can: {
        disable: await policy.allows('disable', user),
        setStaffRole: await policy.allows('setStaffRole', user),
        assist: await policy.allows('assist', user),
        manage: await policy.allows('manage', user),
      },
    })
  }

  async edit({ bouncer, params, view }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('manage', user)
    const { uid, email, fullName, username, phone, keystoneUrl } = user
    return view.render('pages/admin/users/edit', {
      user: { path: `/admin/users/${uid}`, email, fullName, username, phone, keystoneUrl },
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('manage', user)
    await UserAdministration.change(user, await request.validateUsing(userValidator))
    const message = i18n.t('users.saved', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }

  async destroy({ bouncer, params, request, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('manage', user)
    await request.validateUsing(confirmationValidator, { meta: { name: user.email } })
    await UserAdministration.delete(user)
    const message = i18n.t('users.deleted', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/users')
  }
}
