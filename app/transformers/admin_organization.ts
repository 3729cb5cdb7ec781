import type Membership from '#models/membership'
import type Organization from '#models/organization'
import { quotaList } from '#transformers/quota'

export function adminOrganization(
  organization: Organization,
  members: Membership[],
  instances: number
) {
  const { uid, name, slug, kind, createdAt, deletedAt } = organization
  return {
    organization: {
      uid,
      name,
      slug,
      kind,
      createdAt,
      deletedAt,
      path: `/admin/organizations/${uid}`,
    },
    instances,
    quotas: quotaList(organization.quotas),
    members: members.map((member) => ({
      uid: member.user.uid,
      name: member.user.displayName,
      email: member.user.email,
      role: member.role,
      joinedAt: member.createdAt,
      isDisabled: member.user.disabledAt !== null,
    })),
  }
}
