import type Invitation from '#models/invitation'

/** For those who sent it; needs `invitedBy`. */
export function apiInvitation(invitation: Invitation) {
  return {
    uid: invitation.uid,
    email: invitation.email,
    role: invitation.role,
    state: invitation.state,
    invited_by: invitation.invitedBy?.displayName ?? null,
    sent_at: invitation.sentAt?.toISO() ?? null,
    expires_at: invitation.expiresAt.toISO(),
  }
}

/** For the one it was sent to; needs `organization` and `invitedBy`. */
export function apiOpenInvitation({ uid, organization, role, invitedBy, expiresAt }: Invitation) {
  return {
    uid,
    organization: { name: organization.name, slug: organization.slug },
    role,
    invited_by: invitedBy?.displayName ?? null,
    expires_at: expiresAt.toISO(),
  }
}
