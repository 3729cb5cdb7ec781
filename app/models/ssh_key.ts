import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import mail from '@adonisjs/mail/services/main'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { SshKeySchema } from '#database/schema'
import { KeyKept, NoSuchKey, TooManyKeptKeys } from '#exceptions/domain_error'
import SecurityNoticeMail from '#mails/security_notice_mail'
import AuditEvent from '#models/audit_event'
import User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { PublicKey } from '#models/concerns/public_key'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'

export type KeyWish = {
  /** Lines fit for authorized_keys. */
  ssh_keys?: string[]
  /** uids of what the person keeps. */
  kept_keys?: string[]
}

/** Of one person. */
export const MOST_KEPT_KEYS = 50

/**
 * A public key that a person keeps with their account, to choose it when they make an instance. Removing it here takes
 * it out of no instance.
 */
export default class SshKey extends SshKeySchema {
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(key: SshKey) {
    key.uid ??= newUid('k')
  }

  /** In the order in which they came. */
  static ofUser(user: User): Promise<SshKey[]> {
    return SshKey.query().where('user_id', user.id).orderBy('id').exec()
  }

  /** @throws E_ROW_NOT_FOUND */
  static of(user: User, uid: string): Promise<SshKey> {
    return SshKey.query().where('user_id', user.id).where('uid', uid).firstOrFail()
  }

  /**
   * Keeps all of them or none; see the rule `sshPublicKeys`. Their owner hears of it by mail.
   * @throws KeyKept, TooManyKeptKeys
   */
  static async keep(user: User, lines: string[]): Promise<SshKey[]> {
    const wanted = PublicKey.distinct(lines)
    const keys = await transaction(async (trx) => {
      // One after the other: the limit holds for two that come at once.
      await User.query({ client: trx }).where('id', user.id).forUpdate().firstOrFail()
      const kept = await SshKey.query({ client: trx }).where('user_id', user.id)
      if (kept.length + wanted.length > MOST_KEPT_KEYS) {
        throw new TooManyKeptKeys({ maximum: MOST_KEPT_KEYS })
      }
      const made: SshKey[] = []
      for (const line of wanted) made.push(await keepOne(user, line, trx))
      return made
    })
    for (const key of keys) {
      const { fingerprint } = key
      await mail.sendLater(new SecurityNoticeMail(user, 'ssh_key_kept', { fingerprint }))
    }
    return keys
  }

  /** The lines of those that are chosen. @throws NoSuchKey when one is not theirs, or no longer there */
  private static async linesOf(user: User | null, uids: string[] = []): Promise<string[]> {
    if (uids.length === 0) return []
    if (!user) throw new NoSuchKey()
    const keys = await SshKey.query().where('user_id', user.id).whereIn('uid', uids).orderBy('id')
    if (keys.length < new Set(uids).size) throw new NoSuchKey()
    return keys.map(({ publicKey }) => publicKey)
  }

  /** Those that are ticked and those that were pasted, none twice; `user` null: keeps none. @throws NoSuchKey */
  static async chosen(user: User | null, wish: KeyWish): Promise<string[]> {
    const kept = await SshKey.linesOf(user, wish.kept_keys)
    return PublicKey.distinct([...kept, ...(wish.ssh_keys ?? [])])
  }

  async remove(this: SshKey, owner: User): Promise<void> {
    await transaction(async (trx) => {
      await SshKey.query({ client: trx }).where('id', this.id).delete()
      await record(owner, 'user.ssh_key_removed', this, trx)
    })
  }

  get comment(): string | null {
    return PublicKey.comment(this.publicKey)
  }

  get type(): string {
    return PublicKey.type(this.publicKey)
  }
}

async function keepOne(
  user: User,
  publicKey: string,
  trx: TransactionClientContract
): Promise<SshKey> {
  const fingerprint = PublicKey.fingerprint(publicKey)
  try {
    const key = await SshKey.create({ userId: user.id, fingerprint, publicKey }, { client: trx })
    await record(user, 'user.ssh_key_kept', key, trx)
    return key
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new KeyKept({ fingerprint }, { cause: error })
  }
}

function record(
  user: User,
  action: 'user.ssh_key_kept' | 'user.ssh_key_removed',
  { fingerprint, comment }: SshKey,
  trx: TransactionClientContract
): Promise<void> {
  return AuditEvent.record(
    { action, organizationId: null, subject: user.auditSubject, after: { fingerprint, comment } },
    trx
  )
}
