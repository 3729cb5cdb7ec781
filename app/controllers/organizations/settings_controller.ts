import type { HttpContext } from '@adonisjs/core/http'
import type Membership from '#models/membership'
import OrganizationPolicy from '#policies/organization_policy'
import { SLUG_PATTERN, updateOrganizationValidator } from '#validators/organization'

export default class SettingsController {
  async edit({ organization, membership, bouncer, view }: HttpContext) {
    const policy = bouncer.with(OrganizationPolicy)
    const instances = await organization.livingInstances()
    return view.render('pages/organizations/settings/edit', {
      organizationPath: `/o/${organization.slug}`,
      organization: { name: organization.name, slug: organization.slug },
      instances,
      whyNotDeleted: whyNotDeleted(membership, instances),
      slugPattern: SLUG_PATTERN,
      can: { update: await policy.allows('update', membership) },
      viewActivity: await policy.allows('viewActivity', membership),
    })
  }

  async update({ membership, bouncer, request, response, session, i18n }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('update', membership)
    const { organization } = membership
    await organization.change(await request.validateUsing(updateOrganizationValidator))
    session.flash('notice', { kind: 'success', message: i18n.t('organizations.saved') })
    return response.redirect().toPath(`/o/${organization.slug}/settings`)
  }
}

/** Key of the reason why it cannot be deleted now; null when it can. */
function whyNotDeleted(membership: Membership, instances: number): string | null {
  if (!membership.organization.isDeletable) return 'organizations.delete_not_personal'
  if (!membership.isAtLeast('owner')) return 'organizations.delete_needs_owner'
  return instances > 0 ? 'organizations.delete_not_empty' : null
}
