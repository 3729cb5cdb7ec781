import type Membership from '#models/membership'

/** Needs `user`. */
export function apiMember({ uid, user, role, createdAt }: Membership) {
  return {
    uid,
    name: user.displayName,
    email: user.email,
    role,
    is_disabled: user.disabledAt !== null,
    joined_at: createdAt.toISO(),
  }
}
