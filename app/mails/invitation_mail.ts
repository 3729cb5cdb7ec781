import { DateTime } from 'luxon'
import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type Translate } from '#mails/portico_mail'
import type { Invited } from '#models/invitation'
import type Organization from '#models/organization'
import type User from '#models/user'

/** In the language of whoever invites: nobody knows the other's yet. */
export default class InvitationMail extends PorticoMail {
  constructor(
    private readonly invited: Invited,
    private readonly organization: Organization,
    private readonly invitedBy: User
  ) {
    super({ email: invited.invitation.email, locale: invitedBy.locale })
  }

  protected content(t: Translate): MailContent {
    const { invitation, token } = this.invited
    const names = { organization: this.organization.name, inviter: this.invitedBy.displayName }
    return {
      subject: t('invitations.mail_subject', names),
      paragraphs: [t('invitations.mail_text', names), t(`members.role_${invitation.role}_text`)],
      action: { label: t('invitations.mail_action'), url: `${appUrl}/invitations/${token}` },
      notes: [
        t('invitations.mail_expiry', {
          email: invitation.email,
          until: invitation.expiresAt.toUTC().toLocaleString(DateTime.DATETIME_MED),
        }),
        t('invitations.mail_ignore'),
      ],
    }
  }
}
