import type User from '#models/user'
import type UserSession from '#models/user_session'
import { describeAgent } from '#transformers/user_agent'

export function adminUser(user: User, sessions: UserSession[]) {
  return {
    user: {
      uid: user.uid,
      name: user.displayName,
      email: user.email,
      newEmail: user.newEmail,
      fullName: user.fullName,
      username: user.username,
      phone: user.phone,
      keystoneUrl: user.keystoneUrl,
      staffRole: user.staffRole,
      isVerified: user.isVerified,
      disabledAt: user.disabledAt,
      lastSignInAt: user.lastSignInAt,
      createdAt: user.createdAt,
      path: `/admin/users/${user.uid}`,
    },
    memberships: user.memberships.map(({ role, organization, createdAt }) => ({
      role,
      joinedAt: createdAt,
      organization: { uid: organization.uid, name: organization.name },
    })),
    sessions: sessions.map(({ ipAddress, userAgent, method, lastSeenAt, createdAt }) => ({
      ipAddress,
      agent: describeAgent(userAgent),
      userAgent,
      method,
      lastSeenAt,
      createdAt,
    })),
  }
}
