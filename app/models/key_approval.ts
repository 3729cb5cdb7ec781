import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { KeyApprovalSchema } from '#database/schema'
import { NotPossibleNow, SecondAdministratorNeeded } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import RevocationList from '#models/revocation_list'
import SigningKey from '#models/signing_key'
import User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { KeyDeed } from '#models/types'
import { writePkcs12 } from '#services/key_containers'

const LIFETIME_HOURS = 24

const ACTIONS = {
  activate: {
    requested: 'signing_key.activate_requested',
    approved: 'signing_key.activate_approved',
    declined: 'signing_key.activate_declined',
  },
  export: {
    requested: 'signing_key.export_requested',
    approved: 'signing_key.export_approved',
    declined: 'signing_key.export_declined',
  },
  revoke: {
    requested: 'signing_key.revoke_requested',
    approved: 'signing_key.revoke_approved',
    declined: 'signing_key.revoke_declined',
  },
} as const

/** What one administrator asks of a key and another one allows: to sign, to leave the house, to be revoked. */
export default class KeyApproval extends KeyApprovalSchema {
  @belongsTo(() => SigningKey)
  declare signingKey: BelongsTo<typeof SigningKey>

  @belongsTo(() => User, { foreignKey: 'requestedById' })
  declare requestedBy: BelongsTo<typeof User>

  @belongsTo(() => User, { foreignKey: 'approvedById' })
  declare approvedBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(approval: KeyApproval) {
    approval.uid ??= newUid('a')
  }

  /** Those that wait or may still be used, newest first. */
  static open() {
    return KeyApproval.query()
      .where('expires_at', '>', sqlTime(DateTime.utc()))
      .whereNull('declined_at')
      .whereNull('used_at')
      .preload('signingKey')
      .preload('requestedBy')
      .preload('approvedBy')
      .orderBy('id', 'desc')
  }

  /** @throws NotPossibleNow when it makes no sense for the key, or was asked for already */
  static async request(key: SigningKey, deed: KeyDeed, reason: string, by: User) {
    if (!isPossible(key, deed)) throw new NotPossibleNow()
    try {
      return await transaction(async (trx) => {
        await trx
          .from('key_approvals')
          .where('expires_at', '<=', sqlTime(DateTime.utc()))
          .update({ open_on: null })
        const approval = await KeyApproval.create(
          {
            signingKeyId: key.id,
            deed,
            reason,
            requestedById: by.id,
            expiresAt: DateTime.utc().plus({ hours: LIFETIME_HOURS }),
            openOn: `${deed}-${key.id}`,
          },
          { client: trx }
        )
        await AuditEvent.record(
          {
            action: ACTIONS[deed].requested,
            organizationId: null,
            subject: key.auditSubject,
            after: { reason },
          },
          trx
        )
        return approval
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new NotPossibleNow({}, { cause: error })
    }
  }

  /** Does what was asked for; an export is then up to whoever asked. @throws SecondAdministratorNeeded */
  async approve(by: User): Promise<void> {
    if (by.id === this.requestedById) throw new SecondAdministratorNeeded()
    await transaction(async (trx) => {
      const now = sqlTime(DateTime.utc())
      const decided = await trx
        .from('key_approvals')
        .where('id', this.id)
        .whereNull('approved_at')
        .whereNull('declined_at')
        .where('expires_at', '>', now)
        .update({
          approved_by_id: by.id,
          approved_at: now,
          used_at: this.deed === 'export' ? null : now,
          open_on: this.deed === 'export' ? this.openOn : null,
        })
      if (affected(decided) === 0) throw new NotPossibleNow()
      const key = await SigningKey.findOrFail(this.signingKeyId, { client: trx })
      if (this.deed === 'activate') await key.activate(trx)
      if (this.deed === 'revoke') await key.revoke(trx)
      await this.record('approved', key, trx)
    })
    if (this.deed === 'revoke') await RevocationList.refresh()
    await this.refresh()
  }

  async decline(): Promise<void> {
    await transaction(async (trx) => {
      const declined = await trx
        .from('key_approvals')
        .where('id', this.id)
        .whereNull('used_at')
        .whereNull('declined_at')
        .update({ declined_at: sqlTime(DateTime.utc()), open_on: null })
      if (affected(declined) === 0) throw new NotPossibleNow()
      await this.record('declined', await SigningKey.findOrFail(this.signingKeyId), trx)
    })
  }

  /** The key as PKCS#12 under a password, once, for whoever asked. @throws SecondAdministratorNeeded */
  async export(password: string, by: User): Promise<{ name: string; bytes: Buffer }> {
    if (by.id !== this.requestedById || !this.approvedAt) throw new SecondAdministratorNeeded()
    const key = await SigningKey.findOrFail(this.signingKeyId)
    const bytes = await writePkcs12(key.privateKey(), key.keyId, password)
    await transaction(async (trx) => {
      const now = sqlTime(DateTime.utc())
      const used = await trx
        .from('key_approvals')
        .where('id', this.id)
        .whereNull('used_at')
        .where('expires_at', '>', now)
        .update({ used_at: now, open_on: null })
      if (affected(used) === 0) throw new NotPossibleNow()
      await this.record('exported', key, trx)
    })
    return { name: `${key.keyId}.p12`, bytes }
  }

  private record(
    what: 'approved' | 'declined' | 'exported',
    key: SigningKey,
    trx: Parameters<typeof AuditEvent.record>[1]
  ): Promise<void> {
    return AuditEvent.record(
      {
        action: what === 'exported' ? 'signing_key.exported' : ACTIONS[this.deed][what],
        organizationId: null,
        subject: key.auditSubject,
      },
      trx
    )
  }
}

/** What may be asked of a key in its state. */
export function isPossible(key: SigningKey, deed: KeyDeed): boolean {
  switch (deed) {
    case 'activate':
      return key.keyState === 'next' || key.keyState === 'retired'
    case 'export':
      return key.isInOurHands && key.algorithm !== 'Ed25519'
    case 'revoke':
      return key.keyState !== 'revoked'
    default: {
      const never: never = deed
      return never
    }
  }
}
