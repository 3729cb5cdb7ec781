import type { SwitcherRow } from '#models/membership'
import type User from '#models/user'

export function meOf(user: User, organizations: SwitcherRow[]) {
  return {
    uid: user.uid,
    email: user.email,
    name: user.fullName,
    locale: user.locale,
    time_zone: user.timeZone,
    staff_role: user.staffRole,
    organizations: organizations.map(({ slug, name, role }) => ({ slug, name, role })),
  }
}
