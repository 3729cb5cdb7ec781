import type UserSession from '#models/user_session'

export function apiSession(session: UserSession) {
  return {
    uid: session.uid,
    method: session.method,
    ip_address: session.ipAddress,
    user_agent: session.userAgent,
    created_at: session.createdAt.toISO(),
    last_seen_at: session.lastSeenAt.toISO(),
  }
}
