import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { TransferSchema } from '#database/schema'
import {
  InstanceBusy,
  NameTaken,
  NoSuchOrganization,
  NotPossibleNow,
  TransferClosed,
} from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Instance from '#models/instance'
import Operation, { openKey } from '#models/operation'
import Organization from '#models/organization'
import Quota from '#models/quota'
import { tellBoth, tellOfOffer } from '#models/transfer_notice'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction } from '#models/types'

const LIFETIME_DAYS = 7
/** So many offers one round closes; the next one is a minute later. */
const AT_ONCE = 200

/** What belongs to an instance and has taken of the quota by itself: its subject is `<noun>-<id>`. */
const COUNTED_PARTS = [
  { table: 'port_forwards', noun: 'port_forward' },
  { table: 'snapshots', noun: 'snapshot' },
  { table: 'interfaces', noun: 'interface' },
  { table: 'backups', noun: 'backup' },
] as const

/** An instance offered to another organization. It changes hands when somebody there accepts. */
export default class Transfer extends compose(TransferSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => Organization, { foreignKey: 'fromOrganizationId' })
  declare from: BelongsTo<typeof Organization>

  @belongsTo(() => Organization, { foreignKey: 'toOrganizationId' })
  declare to: BelongsTo<typeof Organization>

  @belongsTo(() => User, { foreignKey: 'offeredById' })
  declare offeredBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(row: Transfer) {
    row.uid ??= newUid('h')
  }

  /**
   * Offers it to the organization of this slug, for seven days; what was offered before is offered no more.
   * @throws NoSuchOrganization, InstanceSuspended, InstanceBusy, NotPossibleNow
   */
  static async offer(
    instance: Instance,
    { to: slug, by }: { to: string; by: User }
  ): Promise<Transfer> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    const to = await Organization.query().where('slug', slug).whereNull('deleted_at').first()
    if (!to || to.id === instance.organizationId) throw new NoSuchOrganization({ slug })
    return transaction(async (trx) => {
      await requireIdle(instance, trx)
      await instance.refuseSuspended(trx)
      const former = await closeOpen(instance.id, { withdrawn_at: now() }, trx)
      if (former && former.expiresAt <= DateTime.utc()) {
        await tellBoth('transfer.expired', instance, former, trx)
      } else if (former && former.toOrganizationId !== to.id) {
        await tellBoth('transfer.withdrawn', instance, former, trx)
      }
      const row = await Transfer.create(
        {
          organizationId: instance.organizationId,
          instanceId: instance.id,
          fromOrganizationId: instance.organizationId,
          toOrganizationId: to.id,
          openOn: openKey(instance.id),
          offeredById: by.id,
          expiresAt: DateTime.utc().plus({ days: LIFETIME_DAYS }),
        },
        { client: trx }
      )
      await tellOfOffer(instance, row, trx)
      await record('instance.transfer_offered', instance, { to: to.slug }, by, trx)
      return row
    })
  }

  /** What of the instance is open; with the receiver. */
  static openOf(instance: Instance): Promise<Transfer | null> {
    return Transfer.query()
      .where('open_on', openKey(instance.id))
      .where('expires_at', '>', now())
      .preload('to')
      .first()
  }

  /** What waits for this organization, with what it is and whose it was. */
  static async offeredTo(organization: Organization): Promise<Transfer[]> {
    return Tenant.system('instances offered to an organization', () =>
      waitingFor(organization).orderBy('id')
    )
  }

  /** … page by page. */
  static async pageOf(
    organization: Organization,
    cursor: Cursor,
    size: number
  ): Promise<KeysetPage<Transfer>> {
    const order = { columns: ['id'], descending: false, keyOf: ({ id }: Transfer) => [id] }
    return Tenant.system('instances offered to an organization', () =>
      keysetPage(waitingFor(organization), order, cursor, size, (narrowed) => narrowed)
    )
  }

  /** @throws E_ROW_NOT_FOUND when it is not offered to them, or no longer */
  static async offeredAs(organization: Organization, uid: string): Promise<Transfer> {
    return Tenant.system('an instance offered to an organization', () =>
      Transfer.query()
        .where('to_organization_id', organization.id)
        .where('uid', uid)
        .preload('from')
        .preload('offeredBy')
        .preload('instance', (instance) => instance.preload('plan').preload('cluster'))
        .firstOrFail()
    )
  }

  get isOpen(): boolean {
    return this.openOn !== null && this.expiresAt > DateTime.utc()
  }

  /** Closes what nobody accepted in time, and tells both sides. Over all tenants. @returns how many */
  static async expireAll(): Promise<number> {
    const over = await Transfer.query()
      .whereNotNull('open_on')
      .where('expires_at', '<=', now())
      .orderBy('id')
      .limit(AT_ONCE)
    for (const { id, instanceId } of over) {
      await transaction(async (trx) => {
        const closed = await closeOpen(instanceId, {}, trx, id)
        if (!closed) return
        const instance = await Instance.findOrFail(instanceId, { client: trx })
        await tellBoth('transfer.expired', instance, closed, trx)
        await record('instance.transfer_expired', instance, {}, 'system', trx)
      })
    }
    return over.length
  }

  /** @throws TransferClosed */
  async withdraw(this: Transfer, by: User): Promise<void> {
    await this.close('withdrawn', { withdrawn_at: now() }, by)
  }

  /** By who it was offered to. @throws TransferClosed */
  async decline(this: Transfer, by: User): Promise<void> {
    const changes = { declined_at: now(), decided_by_id: by.id }
    await this.close('declined', changes, by)
  }

  /**
   * It is theirs from now on, with all that belongs to it, under its name or another one. Needs `instance` and `to`'s id.
   * @throws TransferClosed, NameTaken, QuotaExceeded, InstanceSuspended, InstanceBusy
   */
  async accept(this: Transfer, { name, by }: { name?: string | null; by: User }): Promise<void> {
    await Tenant.system('an instance changes hands', async () => {
      const to = await Organization.findOrFail(this.toOrganizationId)
      await handOver(this.instance, to, { name, by }, async (trx) => {
        await this.instance.refuseSuspended(trx)
        const changes = { accepted_at: now(), decided_by_id: by.id }
        const closed = await closeOpen(this.instanceId, changes, trx, this.id)
        if (!closed || !this.isOpen) throw new TransferClosed()
      })
    })
  }

  private close(ending: 'withdrawn' | 'declined', changes: Changes, by: User): Promise<void> {
    return Tenant.system('an offer of an instance ends', () =>
      transaction(async (trx) => {
        const closed = await closeOpen(this.instanceId, changes, trx, this.id)
        if (!closed) throw new TransferClosed()
        const instance = await Instance.findOrFail(this.instanceId, { client: trx })
        await tellBoth(`transfer.${ending}`, instance, closed, trx)
        await record(`instance.transfer_${ending}`, instance, {}, by, trx)
      })
    )
  }
}

function waitingFor({ id }: Organization) {
  return Transfer.query()
    .where('to_organization_id', id)
    .whereNotNull('open_on')
    .where('expires_at', '>', now())
    .preload('from')
    .preload('offeredBy')
    .preload('instance', (instance) => instance.preload('plan').preload('cluster'))
}

type Changes = Record<string, string | number | null>

/**
 * Gives an instance to another organization: its quotas move, and one update of its row takes along all that
 * refers to it. Its root password, if it was still to be shown, is forgotten, and no billing system finds it any
 * more. Works over two tenants: call it within `Tenant.system`.
 * @throws NameTaken, QuotaExceeded, InstanceBusy, and what `prepare` throws
 */
export async function handOver(
  instance: Instance,
  to: Organization,
  { name, by }: { name?: string | null; by: User },
  prepare: (trx: TransactionClientContract) => Promise<void> = async () => {}
): Promise<void> {
  const called = name ?? instance.name
  try {
    await transaction(async (trx) => {
      await requireIdle(instance, trx)
      await prepare(trx)
      await Quota.move(await subjectsOf(instance, trx), to.id, trx)
      await trx.from('operations').where('instance_id', instance.id).update({ request_key: null })
      await trx.from('one_time_secrets').where('instance_id', instance.id).delete()
      await trx.from('instances').where('id', instance.id).update({
        organization_id: to.id,
        name: called,
        live_name: called,
        billing_reference: null,
        billing_fingerprint: null,
      })
      const from = await Organization.findOrFail(instance.organizationId, { client: trx })
      await record('instance.handed_over', instance, { to: to.slug }, by, trx)
      const received = { from: from.slug, name: called }
      await record('instance.received', instance, received, by, trx, to.id)
      const sides = { fromOrganizationId: from.id, toOrganizationId: to.id }
      await tellBoth('transfer.completed', { name: called, uid: instance.uid }, sides, trx)
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const free = await Instance.freeName(to, called)
    throw new NameTaken({ name: called, free }, { cause: error })
  }
  await instance.refresh()
}

async function subjectsOf(instance: Instance, trx: TransactionClientContract): Promise<string[]> {
  const subjects = [instance.quotaSubject]
  for (const { table, noun } of COUNTED_PARTS) {
    const rows = await trx.from(table).where('instance_id', instance.id).orderBy('id').select('id')
    subjects.push(...rows.map(({ id }) => `${noun}-${id}`))
  }
  return subjects
}

/** Nobody else is at it until the transaction ends. @throws InstanceBusy, NotPossibleNow */
async function requireIdle(instance: Instance, trx: TransactionClientContract): Promise<void> {
  await instance.lock(trx)
  const row = await trx.from('instances').where('id', instance.id).first()
  if (!row || row.deleted_at || Number(row.organization_id) !== instance.organizationId) {
    throw new NotPossibleNow()
  }
  const open = await Operation.query({ client: trx }).where('open_on', openKey(instance.id)).first()
  if (open) throw new InstanceBusy({ instance: instance.name, operation: open.uid })
}

async function closeOpen(
  instanceId: number,
  changes: Changes,
  trx: TransactionClientContract,
  id?: number
): Promise<Transfer | null> {
  const open = await Transfer.query({ client: trx })
    .where('open_on', openKey(instanceId))
    .if(id !== undefined, (query) => query.where('id', id!))
    .forUpdate()
    .first()
  if (!open) return null
  await trx
    .from('transfers')
    .where('id', open.id)
    .update({ ...changes, open_on: null, updated_at: now() })
  return open
}

function record(
  action: AuditAction,
  instance: Instance,
  after: Record<string, string>,
  by: User | 'system',
  trx: TransactionClientContract,
  organizationId = instance.organizationId
): Promise<void> {
  return AuditEvent.record(
    { action, organizationId, subject: instance.auditSubject, after, actor: by },
    trx
  )
}

const now = (): string => sqlTime(DateTime.utc())
