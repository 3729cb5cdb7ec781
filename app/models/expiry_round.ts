import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import TokenExpiryMail from '#mails/token_expiry_mail'
import BillingKey from '#models/billing_key'
import Notice from '#models/notice'
import User from '#models/user'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'

/** So many days ahead is told what ends. What was made for less ends as its maker meant it. */
const AHEAD_DAYS = 7

type Ending = { createdAt: DateTime; expiresAt: DateTime | null }

/** Tells, once each, of keys and tokens that end soon. */
export async function runExpiryRound(): Promise<void> {
  await tellOfBillingKeys()
  await tellOfTokens()
}

async function tellOfBillingKeys(): Promise<void> {
  const [now, ahead] = window()
  const keys = await BillingKey.query()
    .whereNull('revoked_at')
    .whereBetween('expires_at', [sqlTime(now), sqlTime(ahead)])
    .whereHas('organization', (organization) => organization.whereNull('deleted_at'))
    .orderBy('id')
  for (const key of keys.filter(isMadeForLonger)) {
    const { id, organizationId, label } = key
    const until = key.expiresAt!.toUTC().toISO()!
    const onlyOn = `billing_key.expiring:${id}:${until}`
    await transaction((trx) =>
      Notice.raise(organizationId, 'billing_key.expiring', { name: label, until }, trx, { onlyOn })
    )
  }
}

/** Only to whom it belongs. Not of sign-ins over the API, which are made anew by signing in. */
async function tellOfTokens(): Promise<void> {
  const [now, ahead] = window()
  const rows = await db
    .from('auth_access_tokens')
    .join('users', 'users.id', 'auth_access_tokens.tokenable_id')
    .where('auth_access_tokens.type', 'auth_token')
    .whereNull('auth_access_tokens.expiry_told_at')
    .whereBetween('auth_access_tokens.expires_at', [now.toJSDate(), ahead.toJSDate()])
    .whereNull('users.disabled_at')
    .where('users.token_mails', true)
    .orderBy('auth_access_tokens.id')
    .select('auth_access_tokens.*')
  for (const row of rows) {
    const createdAt = DateTime.fromJSDate(new Date(row.created_at))
    const expiresAt = DateTime.fromJSDate(new Date(row.expires_at))
    if (isMadeForLonger({ createdAt, expiresAt })) {
      await tellOfToken({ id: row.id, userId: row.tokenable_id, name: row.name, expiresAt })
    }
  }
}

/** The mail is in the queue before the row says so: rather twice than never. */
async function tellOfToken(token: {
  id: number
  userId: number
  name: string
  expiresAt: DateTime
}): Promise<void> {
  await transaction(async (trx) => {
    const told = await trx
      .from('auth_access_tokens')
      .where('id', token.id)
      .whereNull('expiry_told_at')
      .update({ expiry_told_at: sqlTime(DateTime.utc()) })
    if (affected(told) === 0) return
    const user = await User.findOrFail(token.userId, { client: trx })
    await mail.sendLater(new TokenExpiryMail(user, token))
  })
}

const window = () => [DateTime.utc(), DateTime.utc().plus({ days: AHEAD_DAYS })] as const

function isMadeForLonger({ createdAt, expiresAt }: Ending): boolean {
  return expiresAt !== null && expiresAt.diff(createdAt, 'days').days > AHEAD_DAYS
}
