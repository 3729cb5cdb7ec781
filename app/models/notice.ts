import { DateTime } from 'luxon'
import mail from '@adonisjs/mail/services/main'
import logger from '@adonisjs/core/services/logger'
import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { keepDays } from '#config/webhooks'
import { NoticeSchema } from '#database/schema'
import NoticeMail from '#mails/notice_mail'
import { readersOf } from '#models/notice_preference'
import Organization from '#models/organization'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { affected, sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { NoticeKind, NoticeType } from '#models/types'

/** Under which heading each is asked for. null: whoever has webhooks is told, wanted or not. */
const KIND_OF: Record<NoticeType, NoticeKind | null> = {
  'instance.created': 'created',
  'operation.failed': 'failed',
  'operation.needs_attention': 'failed',
  'instance.suspended': 'suspended',
  'instance.unsuspended': 'suspended',
  'traffic.near': 'traffic',
  'traffic.exceeded': 'traffic',
  'quota.near': 'quota',
  'quota.exhausted': 'quota',
  'license.expiring': 'expiry',
  'billing_key.expiring': 'expiry',
  'transfer.offered': 'transfer',
  'transfer.withdrawn': 'transfer',
  'transfer.declined': 'transfer',
  'transfer.expired': 'transfer',
  'transfer.completed': 'transfer',
  'webhook.disabled': null,
  'webhook.ping': null,
}

/** These have mails of their own, which whoever notices sends; a test is for programs. */
const MAILED_ELSEWHERE: readonly NoticeType[] = [
  'traffic.near',
  'traffic.exceeded',
  'license.expiring',
  'webhook.ping',
]

export const isMailed = (type: NoticeType) => !MAILED_ELSEWHERE.includes(type)

const AT_ONCE = 100

export type NoticeData = Record<string, string | number | null>

type Telling = {
  /** The only endpoint that is told. */
  webhookId?: number
  /** What is said under this key is not said again. */
  onlyOn?: string
}

/**
 * Something happened that people and programs want to know. The row is written in the transaction of what
 * happened; a worker tells of it afterwards, rather twice than never, always under the same id.
 */
export default class Notice extends compose(NoticeSchema, BelongsToOrganization) {
  /** A plain insert: what happens to two organizations at once is told to both. */
  static async raise(
    organizationId: number,
    type: NoticeType,
    data: NoticeData,
    trx: TransactionClientContract,
    { webhookId, onlyOn }: Telling = {}
  ): Promise<void> {
    try {
      await trx.table('notices').insert({
        uid: newUid('v'),
        organization_id: organizationId,
        type,
        data: JSON.stringify(data),
        webhook_id: webhookId ?? null,
        only_on: onlyOn ?? null,
        created_at: sqlTime(DateTime.utc()),
      })
    } catch (error) {
      if (onlyOn === undefined || !isUniqueViolation(error)) throw error
    }
  }

  /** Hands what is new to the mail queue and to the endpoints' deliveries; what fails holds nobody up. */
  static async dispatchAll(): Promise<number> {
    let told = 0
    let last = 0
    for (;;) {
      const waiting = await Notice.query()
        .whereNull('dispatched_at')
        .where('id', '>', last)
        .orderBy('id')
        .limit(AT_ONCE)
        .select('id')
      for (const { id } of waiting) if (await tell(id)) told += 1
      if (waiting.length < AT_ONCE) return told
      last = waiting.at(-1)!.id
    }
  }

  /** Of those told long ago, with their deliveries; none that is still on its way. */
  static async forgetOld(): Promise<number> {
    const end = sqlTime(DateTime.utc().minus({ days: keepDays }))
    let forgotten = 0
    for (;;) {
      const old = await Notice.query()
        .where('dispatched_at', '<', end)
        .whereNotExists((waiting) =>
          waiting
            .from('webhook_deliveries')
            .whereColumn('webhook_deliveries.notice_id', 'notices.id')
            .where('state', 'waiting')
        )
        .orderBy('id')
        .limit(AT_ONCE)
        .select('id')
      const ids = old.map(({ id }) => id)
      if (ids.length > 0) forgotten += affected(await Notice.query().whereIn('id', ids).delete())
      if (ids.length < AT_ONCE) return forgotten
    }
  }

  get kind(): NoticeKind | null {
    return KIND_OF[this.type]
  }

  /** What an endpoint is sent. The same each time it is sent. */
  get body(): string {
    const { type, data, createdAt } = this
    return JSON.stringify({ type, timestamp: createdAt.toUTC().toISO(), data })
  }
}

async function tell(id: number): Promise<boolean> {
  try {
    return await transaction((trx) => dispatch(id, trx))
  } catch (error) {
    logger.error({ notice: id, err: error }, 'a notice could not be told')
    return false
  }
}

/** The mails are in the queue before the row says so: rather twice than never. */
async function dispatch(id: number, trx: TransactionClientContract): Promise<boolean> {
  const notice = await Notice.query({ client: trx }).where('id', id).forUpdate().first()
  if (!notice || notice.dispatchedAt) return false
  await Tenant.run(notice.organizationId, async () => {
    const organization = await Organization.findOrFail(notice.organizationId, { client: trx })
    await deliver(notice, trx)
    if (isMailed(notice.type)) {
      for (const reader of await readersOf(notice.organizationId, notice.kind, trx)) {
        await mail.sendLater(new NoticeMail(reader, notice, organization))
      }
    }
  })
  await trx
    .from('notices')
    .where('id', id)
    .update({ dispatched_at: sqlTime(DateTime.utc()) })
  return true
}

/** A delivery for each endpoint that wants it. */
async function deliver(notice: Notice, trx: TransactionClientContract): Promise<void> {
  const endpoints: { id: number; kinds: string | NoticeKind[] }[] = await trx
    .from('webhooks')
    .where('organization_id', notice.organizationId)
    .whereNull('disabled_at')
    .if(notice.webhookId !== null, (query) => query.where('id', notice.webhookId!))
    .orderBy('id')
    .select('id', 'kinds')
  const { kind } = notice
  for (const { id, kinds } of endpoints) {
    const wanted: NoticeKind[] = typeof kinds === 'string' ? JSON.parse(kinds) : kinds
    if (kind !== null && !wanted.includes(kind)) continue
    await trx.table('webhook_deliveries').insert({
      uid: newUid('w'),
      organization_id: notice.organizationId,
      webhook_id: id,
      notice_id: notice.id,
      state: 'waiting',
      due_at: Date.now(),
      created_at: sqlTime(DateTime.utc()),
    })
  }
}
