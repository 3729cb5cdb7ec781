import { createHash, randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { visitLimits } from '#config/visits'
import { VisitSchema } from '#database/schema'
import { NotPossibleNow, VisitLinkRefused } from '#exceptions/domain_error'
import AuditEvent, { type AuditActor } from '#models/audit_event'
import BillingKey from '#models/billing_key'
import Instance from '#models/instance'
import type Operation from '#models/operation'
import { affected, sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { VisitPage } from '#models/types'
import { readVisitLink, writeVisitLink } from '#services/visit_link'

const KEPT_DAYS = 90

/**
 * A customer of a billing system on the pages of the one instance they pay for. They have no account here: their
 * key's word is all there is, so the visit ends with the key, with the instance, and with any suspension.
 * Outside of the tenants, as a person's sign-in is: whether the two still belong together is asked each time.
 */
export default class Visit extends VisitSchema {
  /** Known once the visit is entered. */
  declare instance: Instance
  declare key: BillingKey

  @beforeCreate()
  static assignUid(visit: Visit) {
    visit.uid ??= newUid('v')
  }

  /**
   * @returns the link that opens it: once, and within a minute
   * @throws NotPossibleNow, InstanceSuspended
   */
  static async invite(key: BillingKey, instance: Instance, page: VisitPage): Promise<string> {
    const secret = randomBytes(32).toString('base64url')
    const linkExpiresAt = DateTime.utc().plus(visitLimits.linkMs)
    const visit = await transaction(async (trx) => {
      await refuseClosed(instance, trx)
      const invited = await Visit.create(
        {
          billingKeyId: key.id,
          instanceId: instance.id,
          page,
          linkHash: digest(secret),
          linkExpiresAt,
        },
        { client: trx }
      )
      await record('visit.invited', instance, key, trx)
      return invited
    })
    return writeVisitLink({ uid: visit.uid, secret }, linkExpiresAt.toJSDate())
  }

  /**
   * What a link would open, without using it up: programs follow links as well.
   * @throws VisitLinkRefused; not when it opened the visit `current`, which goes on
   */
  static async behind(token: string, current: number | null): Promise<Visit> {
    const link = await readVisitLink(token)
    const visit = link && (await Visit.findBy('uid', link.uid))
    if (!visit) throw new VisitLinkRefused()
    const isWaiting = visit.linkHash === digest(link.secret) && visit.isLinkFresh
    const entered = visit.id === current || isWaiting ? await visit.enter() : null
    if (!entered) throw new VisitLinkRefused()
    return entered
  }

  /** Uses the link up and begins the visit. Of several at once one gets in. @throws VisitLinkRefused */
  static async open(token: string): Promise<Visit> {
    const visit = await Visit.behind(token, null)
    await transaction(async (trx) => {
      const now = DateTime.utc()
      const taken = await trx
        .from('visits')
        .where('id', visit.id)
        .where('link_hash', visit.linkHash!)
        .where('link_expires_at', '>', sqlTime(now))
        .update({
          link_hash: null,
          opened_at: sqlTime(now),
          last_seen_at: sqlTime(now),
          expires_at: sqlTime(now.plus(visitLimits.absoluteMs)),
        })
      if (affected(taken) === 0) throw new VisitLinkRefused()
      await record('visit.opened', visit.instance, visit.key, trx)
    })
    return visit
  }

  /** The visit that goes on, with its instance and key; null when it has ended, which is for good. */
  static async resume(id: number): Promise<Visit | null> {
    const visit = await Visit.find(id)
    if (!visit?.openedAt || visit.endedAt) return null
    const entered = visit.isOpen ? await visit.enter() : null
    if (!entered) await visit.end()
    return entered
  }

  /** Of these visits those that go on. One query. */
  static async living(ids: number[]): Promise<Set<number>> {
    if (ids.length === 0) return new Set()
    const now = DateTime.utc()
    const rows: { id: number }[] = await allowed()
      .whereIn('visits.id', ids)
      .whereNull('visits.ended_at')
      .where('visits.expires_at', '>', sqlTime(now))
      .where('visits.last_seen_at', '>', sqlTime(now.minus(visitLimits.idleMs)))
      .select('visits.id')
    return new Set(rows.map(({ id }) => id))
  }

  /** Links that nobody opened, and visits over for three months. */
  static async forgetOld(): Promise<void> {
    const now = DateTime.utc()
    await Visit.query()
      .where((old) =>
        old
          .where((unused) =>
            unused
              .whereNull('opened_at')
              .where('link_expires_at', '<', sqlTime(now.minus({ hours: 1 })))
          )
          .orWhere('created_at', '<', sqlTime(now.minus({ days: KEPT_DAYS })))
      )
      .delete()
  }

  get isOpen(): boolean {
    const now = Date.now()
    if (!this.openedAt || this.endedAt) return false
    const isIdle = this.lastSeenAt!.toMillis() + visitLimits.idleMs <= now
    return this.expiresAt!.toMillis() > now && !isIdle
  }

  /** Whether the billing system vouched for the visitor within the last minutes. */
  get isConfirmed(): boolean {
    return this.openedAt!.plus(visitLimits.confirmedMs) > DateTime.utc()
  }

  /** Of the visited instance. @throws E_ROW_NOT_FOUND */
  operation(uid: string): Promise<Operation> {
    return this.instance.related('operations').query().where('uid', uid).firstOrFail()
  }

  /** As whom the audit names the visitor. */
  get auditActor(): AuditActor {
    return { billingKey: this.key.label }
  }

  /** Writes at most once a minute: every page comes by here. */
  async markSeen(): Promise<void> {
    if (this.lastSeenAt!.toMillis() + visitLimits.seenEveryMs > Date.now()) return
    this.lastSeenAt = DateTime.utc()
    await this.save()
  }

  async end(): Promise<void> {
    if (this.endedAt) return
    this.endedAt = DateTime.utc()
    await this.save()
  }

  private get isLinkFresh(): boolean {
    return this.linkExpiresAt > DateTime.utc()
  }

  /** Finds its instance and key; null when they are nothing to each other any more. */
  private async enter(): Promise<Visit | null> {
    const row = await allowed()
      .where('visits.id', this.id)
      .select('instances.organization_id')
      .first()
    if (!row) return null
    await Tenant.run(Number(row.organization_id), async () => {
      this.instance = await Instance.query()
        .where('id', this.instanceId)
        .preload('organization')
        .firstOrFail()
      this.key = await BillingKey.findOrFail(this.billingKeyId)
    })
    return this
  }
}

/** Visits whose key still opens something, and whose instance is still that organization's and at work. */
function allowed() {
  return db
    .from('visits')
    .join('billing_keys', 'billing_keys.id', 'visits.billing_key_id')
    .join('instances', 'instances.id', 'visits.instance_id')
    .join('organizations', 'organizations.id', 'instances.organization_id')
    .whereColumn('instances.organization_id', 'billing_keys.organization_id')
    .whereNull('billing_keys.revoked_at')
    .where((key) =>
      key
        .whereNull('billing_keys.expires_at')
        .orWhere('billing_keys.expires_at', '>', sqlTime(DateTime.utc()))
    )
    .whereNull('organizations.deleted_at')
    .whereNull('instances.deleted_at')
    .whereNotNull('instances.live_billing_reference')
    .whereNotExists((open) =>
      open
        .from('suspensions')
        .whereColumn('suspensions.instance_id', 'instances.id')
        .whereNotNull('suspensions.open_on')
    )
    .whereNotExists((open) =>
      open
        .from('operations')
        .whereColumn('operations.instance_id', 'instances.id')
        .whereNotNull('operations.open_on')
        .where('operations.type', 'instance.delete')
    )
}

async function refuseClosed(instance: Instance, trx: TransactionClientContract): Promise<void> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  await instance.refuseSuspended(trx)
}

function record(
  action: 'visit.invited' | 'visit.opened',
  instance: Instance,
  { label }: BillingKey,
  trx: TransactionClientContract
): Promise<void> {
  const { organizationId, auditSubject: subject } = instance
  return AuditEvent.record({ action, organizationId, subject, actor: { billingKey: label } }, trx)
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
