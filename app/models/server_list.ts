import { NotFound } from '#exceptions/domain_error'
import Instance from '#models/instance'
import Membership from '#models/membership'
import type Operation from '#models/operation'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'

export type Server = { instance: Instance; open: Operation | null }

/** Instances of a person across their organizations, as one list; administrators have all of them. */
export const ServerList = {
  /** By name. */
  async of(user: User): Promise<Server[]> {
    const organizationIds = await organizationsOf(user)
    return Tenant.system('list the instances of a person', async () => {
      const instances = await Instance.query()
        .whereNull('deleted_at')
        .if(organizationIds, (query) => query.whereIn('organization_id', organizationIds!))
        .preload('suspensions', (suspensions) => suspensions.whereNotNull('open_on'))
        .preload('operations', (operations) => operations.whereNotNull('open_on'))
        .orderBy('name')
        .orderBy('id')
      return instances.map((instance) => ({ instance, open: instance.openOperation }))
    })
  },

  /** With the role in which the person has it. @throws NotFound also for somebody else's */
  async find(user: User, uid: string): Promise<{ instance: Instance; membership: Membership }> {
    const instance = await Tenant.system('find an instance of a person', () =>
      Instance.query().where('uid', uid).whereNull('deleted_at').preload('organization').first()
    )
    if (!instance) throw new NotFound()
    const { organization } = instance
    const membership = await Membership.of(user.id, organization.slug)
    if (membership) return { instance, membership }
    if (!user.isStaff) throw new NotFound()
    return { instance, membership: Membership.ofStaff(user, organization) }
  },
}

/** null: all of them. */
async function organizationsOf(user: User): Promise<number[] | null> {
  if (user.isStaff) return null
  const memberships = await user.related('memberships').query().select('organization_id')
  return memberships.map(({ organizationId }) => organizationId)
}
