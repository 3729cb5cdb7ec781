import { createHash, randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { InvitationSchema } from '#database/schema'
import { AlreadyMember, InvitationClosed, InvitationForOther } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Membership from '#models/membership'
import Organization from '#models/organization'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { normalizeEmail } from '#models/concerns/email'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { Tenant } from '#models/concerns/tenant'
import { newUid } from '#models/concerns/uid'
import type { AuditAction, Role } from '#models/types'

const LIFETIME_DAYS = 7

/** An invitation with the token that opens it. The token exists only here and in the mail. */
export type Invited = { invitation: Invitation; token: string }

export type InvitationState = 'open' | 'expired' | 'accepted' | 'revoked'

/** An offer to become a member, sent by mail. Whoever has the link and the address may accept it. */
export default class Invitation extends compose(InvitationSchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @belongsTo(() => User, { foreignKey: 'invitedById' })
  declare invitedBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(invitation: Invitation) {
    invitation.uid ??= newUid('v')
  }

  /** Inviting an address again replaces what was sent before. @throws AlreadyMember */
  static async invite(
    organization: Organization,
    order: { email: string; role: Role; invitedBy: User }
  ): Promise<Invited> {
    const email = normalizeEmail(order.email)
    return db.transaction(async (trx) => {
      await organization.lock(trx)
      if (await isMember(organization.id, email, trx)) throw new AlreadyMember({ email })
      await Invitation.query({ client: trx })
        .where({ organizationId: organization.id, openEmail: email })
        .update({ open_email: null, revoked_at: now() })
      const { token, tokenHash } = newToken()
      const invitation = await Invitation.create(
        {
          organizationId: organization.id,
          email,
          openEmail: email,
          role: order.role,
          tokenHash,
          invitedById: order.invitedBy.id,
          expiresAt: expiry(),
          sentAt: DateTime.utc(),
        },
        { client: trx }
      )
      await invitation.record('invitation.sent', { role: order.role }, trx)
      return { invitation, token }
    })
  }

  /** The invitation that a link opens, whatever became of it, with its organization and who sent it. */
  static async ofToken(token: string): Promise<Invitation | null> {
    return Tenant.system('open an invitation by its link', () =>
      Invitation.query()
        .where('token_hash', hashOf(token))
        .preload('organization')
        .preload('invitedBy')
        .first()
    )
  }

  /** … and by its uid, for somebody whose address is proven to be the one it was sent to. */
  static async acceptableBy(user: User, tokenOrUid: string): Promise<Invitation | null> {
    const byLink = await Invitation.ofToken(tokenOrUid)
    if (byLink || !user.emailVerifiedAt) return byLink
    return Tenant.system('open an invitation by its address', () =>
      Invitation.query()
        .where({ uid: tokenOrUid, openEmail: user.email })
        .preload('organization')
        .first()
    )
  }

  /** Not accepted and not revoked; newest first. */
  static pageOf(
    organization: Organization,
    cursor: Cursor,
    size: number
  ): Promise<KeysetPage<Invitation>> {
    const query = Invitation.query()
      .where('organization_id', organization.id)
      .whereNotNull('open_email')
      .preload('invitedBy')
    const order = { columns: ['id'], descending: true, keyOf: ({ id }: Invitation) => [id] }
    return keysetPage(query, order, cursor, size, (narrowed) => narrowed)
  }

  /** What waits for this user. */
  static async openFor(user: User): Promise<Invitation[]> {
    if (!user.emailVerifiedAt) return []
    return Tenant.system('invitations to an address', () =>
      Invitation.query()
        .where('open_email', user.email)
        .where('expires_at', '>', now())
        .preload('organization')
        .preload('invitedBy')
        .orderBy('id')
    )
  }

  get state(): InvitationState {
    if (this.acceptedAt) return 'accepted'
    if (this.revokedAt) return 'revoked'
    return this.expiresAt < DateTime.utc() ? 'expired' : 'open'
  }

  isFor(user: User): boolean {
    return user.email === this.email
  }

  /** A new link for another seven days; the one before opens nothing any more. @throws InvitationClosed */
  async renew(): Promise<string> {
    return db.transaction(async (trx) => {
      await this.takeOpen(trx)
      const { token, tokenHash } = newToken()
      this.tokenHash = tokenHash
      this.expiresAt = expiry()
      this.sentAt = DateTime.utc()
      await this.save()
      await this.record('invitation.resent', { role: this.role }, trx)
      return token
    })
  }

  /** @throws InvitationClosed */
  async revoke(): Promise<void> {
    await db.transaction(async (trx) => {
      await this.takeOpen(trx)
      this.openEmail = null
      this.revokedAt = DateTime.utc()
      await this.save()
      await this.record('invitation.revoked', null, trx)
    })
  }

  /**
   * Makes the user a member. Holding the link proves the address as well as any other mail would.
   * @throws InvitationForOther, InvitationClosed; needs `organization`
   */
  async accept(user: User): Promise<void> {
    if (!this.isFor(user)) throw new InvitationForOther({ email: user.email })
    await Tenant.run(this.organizationId, () =>
      db.transaction(async (trx) => {
        await this.organization.lock(trx)
        await this.takeOpen(trx)
        if (this.state !== 'open') throw new InvitationClosed({ state: this.state })
        this.openEmail = null
        this.acceptedAt = DateTime.utc()
        await this.save()
        user.emailVerifiedAt ??= DateTime.utc()
        await user.useTransaction(trx).save()
        if (await isMember(this.organizationId, this.email, trx)) return
        const membership = await Membership.create(
          { organizationId: this.organizationId, userId: user.id, role: this.role },
          { client: trx }
        )
        await AuditEvent.record(
          {
            action: 'member.joined',
            organizationId: this.organizationId,
            subject: { kind: 'member', uid: membership.uid, label: user.email },
            after: { role: this.role, invitation: this.uid },
            actor: user,
          },
          trx
        )
      })
    )
  }

  /** The row as it is now, with nobody else at it. Expired is still open: it can be sent again. */
  private async takeOpen(trx: TransactionClientContract): Promise<void> {
    this.useTransaction(trx)
    const row = await trx.from('invitations').where('id', this.id).forUpdate().first()
    if (!row || row.open_email === null) {
      await this.refresh()
      throw new InvitationClosed({ state: this.state })
    }
    await this.refresh()
  }

  private record(
    action: AuditAction,
    after: Record<string, unknown> | null,
    trx: TransactionClientContract
  ): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: this.organizationId,
        subject: { kind: 'invitation', uid: this.uid, label: this.email },
        after,
      },
      trx
    )
  }
}

async function isMember(organizationId: number, email: string, trx: TransactionClientContract) {
  return trx
    .from('memberships')
    .join('users', 'users.id', 'memberships.user_id')
    .where({ 'memberships.organization_id': organizationId, 'users.email': email })
    .first()
}

function newToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: hashOf(token) }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function expiry(): DateTime {
  return DateTime.utc().plus({ days: LIFETIME_DAYS })
}

function now(): string {
  return DateTime.utc().toFormat('yyyy-MM-dd HH:mm:ss')
}
