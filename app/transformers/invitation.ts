import type Invitation from '#models/invitation'
import type Membership from '#models/membership'
import type User from '#models/user'
import { isAtLeast } from '#models/membership'

/** For those who sent it. */
export function invitationRow(invitation: Invitation, acting: Membership) {
  return {
    uid: invitation.uid,
    email: invitation.email,
    role: invitation.role,
    state: invitation.state,
    invitedBy: invitation.invitedBy?.displayName ?? null,
    sentAt: invitation.sentAt,
    expiresAt: invitation.expiresAt,
    canManage: isAtLeast(acting.role, invitation.role === 'owner' ? 'owner' : 'admin'),
  }
}

/** For the one it was sent to, who is signed in. */
export function openInvitation(invitation: Invitation) {
  return {
    uid: invitation.uid,
    organization: invitation.organization.name,
    role: invitation.role,
    invitedBy: invitation.invitedBy?.displayName ?? null,
    expiresAt: invitation.expiresAt,
  }
}

/** For whoever opened its link, signed in or not. */
export function invitationPage(invitation: Invitation, user: User | null, token: string) {
  return {
    invitation: {
      ...openInvitation(invitation),
      email: invitation.email,
      state: invitation.state,
      acceptPath: `/invitations/${token}/acceptance`,
    },
    visitor: user && { email: user.email, isInvited: invitation.isFor(user) },
  }
}
