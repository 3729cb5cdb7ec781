import type { HttpContext } from '@adonisjs/core/http'
import InvitationPolicy from '#policies/invitation_policy'
import MembershipPolicy from '#policies/membership_policy'
import OrganizationPolicy from '#policies/organization_policy'
import { grantableRoles, memberRow } from '#transformers/membership'
import { invitationRow } from '#transformers/invitation'
import { updateMembershipValidator } from '#validators/membership'

const PAGE_SIZE = 50

export default class MembersController {
  async index({ organization, membership, bouncer, request, view }: HttpContext) {
    await bouncer.with(MembershipPolicy).authorize('viewAll', membership)
    const mayInvite = await bouncer.with(InvitationPolicy).allows('viewAll', membership)
    const page = await organization.members(request.qs(), PAGE_SIZE)
    const invitations = mayInvite ? await organization.pendingInvitations() : []
    const path = `/o/${organization.slug}`
    return view.render('pages/organizations/members/index', {
      organizationPath: path,
      members: page.rows.map((member) => memberRow(member, membership, `${path}/members`)),
      page,
      invitations: invitations.map((invitation) => invitationRow(invitation, membership)),
      roles: grantableRoles(membership),
      can: { invite: mayInvite },
      viewActivity: await bouncer.with(OrganizationPolicy).allows('viewActivity', membership),
    })
  }

  async update(ctx: HttpContext) {
    const { membership, bouncer, params, request, response, session, i18n } = ctx
    const { role } = await request.validateUsing(updateMembershipValidator)
    const member = await membership.organization.member(params.id)
    await bouncer.with(MembershipPolicy).authorize('changeRole', membership, member, role)
    await member.changeRole(role)
    const message = i18n.t('members.role_changed', { name: member.user.displayName })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/o/${membership.organization.slug}/members`)
  }

  async destroy({ membership, bouncer, params, response, session, i18n }: HttpContext) {
    const member = await membership.organization.member(params.id)
    await bouncer.with(MembershipPolicy).authorize('remove', membership, member)
    await member.end('member.removed')
    const message = i18n.t('members.removed', { name: member.user.displayName })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/o/${membership.organization.slug}/members`)
  }
}
