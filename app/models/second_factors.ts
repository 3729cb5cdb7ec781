import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import AuditEvent from '#models/audit_event'
import Passkey from '#models/passkey'
import RecoveryCode from '#models/recovery_code'
import type User from '#models/user'
import SecurityNoticeMail, { type SecurityNotice } from '#mails/security_notice_mail'

/** Recovery codes that were just made, to be shown this once; null when there are good ones already. */
export type NewCodes = string[] | null

/**
 * What a person has beside the password: an authenticator app and passkeys. With the first come recovery
 * codes, with the last they go. Every change is told by mail.
 */
const SecondFactors = {
  /** undefined when the code is wrong. */
  async turnOnAuthenticator(user: User, code: string): Promise<NewCodes | undefined> {
    if (!(await user.authenticator.fits(code))) return undefined
    return change(user, 'totp_enabled', async (trx) => {
      await user.useTransaction(trx).merge({ totpConfirmedAt: DateTime.utc() }).save()
      return codesForFirst(user, trx)
    })
  },

  async turnOffAuthenticator(user: User): Promise<void> {
    if (!user.authenticator.isOn) return
    await change(user, 'totp_disabled', async (trx) => {
      await user
        .useTransaction(trx)
        .merge({ totpSecretEncrypted: null, totpConfirmedAt: null })
        .save()
      await forgetCodesOfLast(user, trx)
    })
  },

  /** undefined when the browser's answer does not hold. */
  async addPasskey(
    user: User,
    name: string,
    proof: { response: RegistrationResponseJSON; challenge: string }
  ): Promise<NewCodes | undefined> {
    const credential = await Passkey.created(proof)
    if (!credential) return undefined
    return change(
      user,
      'passkey_added',
      async (trx) => {
        await Passkey.keep(user, name, credential, trx)
        return codesForFirst(user, trx)
      },
      name
    )
  },

  async removePasskey(user: User, passkey: Passkey): Promise<void> {
    const { name } = passkey
    await change(
      user,
      'passkey_removed',
      async (trx) => {
        await passkey.useTransaction(trx).delete()
        await forgetCodesOfLast(user, trx)
      },
      name
    )
  },

  async renewCodes(user: User): Promise<string[]> {
    return change(user, 'recovery_codes_renewed', (trx) => RecoveryCode.renewFor(user, trx))
  },

  /** Whether the code was good; then it is spent, and its owner is told how many are left. */
  async spendCode(user: User, code: string): Promise<boolean> {
    if (!(await RecoveryCode.spend(user, code))) return false
    const left = await RecoveryCode.leftOf(user)
    await AuditEvent.record({
      action: 'user.recovery_code_used',
      organizationId: null,
      subject: user.auditSubject,
      after: { left },
      actor: user,
    })
    await mail.sendLater(new SecurityNoticeMail(user, 'recovery_code_used', { left }))
    return true
  },
}

export default SecondFactors

async function change<T>(
  user: User,
  what: Exclude<SecurityNotice, 'email_changing'>,
  work: (trx: TransactionClientContract) => Promise<T>,
  name?: string
): Promise<T> {
  return db.transaction(async (trx) => {
    const result = await work(trx)
    await AuditEvent.record(
      {
        action: `user.${what}`,
        organizationId: null,
        subject: user.auditSubject,
        after: name ? { passkey: name } : null,
      },
      trx
    )
    trx.after('commit', () =>
      mail.sendLater(new SecurityNoticeMail(user, what, { name: name ?? '' }))
    )
    return result
  })
}

async function codesForFirst(user: User, trx: TransactionClientContract): Promise<NewCodes> {
  const known = await trx.from('recovery_codes').where('user_id', user.id).first()
  return known ? null : RecoveryCode.renewFor(user, trx)
}

async function forgetCodesOfLast(user: User, trx: TransactionClientContract): Promise<void> {
  const passkey = await trx.from('passkeys').where('user_id', user.id).first()
  if (passkey || user.totpConfirmedAt) return
  await trx.from('recovery_codes').where('user_id', user.id).delete()
}
