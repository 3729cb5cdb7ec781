import { compose } from '@adonisjs/core/helpers'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { QuotaSchema } from '#database/schema'
import { defaultQuotas } from '#config/quotas'
import { QuotaExceeded } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected } from '#models/concerns/sql'
import type Organization from '#models/organization'
import { tellOfQuota } from '#models/quota_notice'
import { QUOTA_RESOURCES, type QuotaResource } from '#models/types'

export type Miscount = {
  organizationId: number
  resource: QuotaResource
  used: number
  held: number
}

export type QuotaAmounts = Partial<Record<QuotaResource, number>>

/** How much of one resource an organization may have, and has. */
export default class Quota extends compose(QuotaSchema, BelongsToOrganization) {
  /** The rows of a new organization. */
  static async allot(organization: Organization, trx: TransactionClientContract): Promise<void> {
    await trx.table('quotas').multiInsert(
      QUOTA_RESOURCES.map((resource) => ({
        organization_id: organization.id,
        resource,
        maximum: organization.kind === 'provider' ? null : defaultQuotas[resource],
        used: 0,
      }))
    )
  }

  /**
   * Takes all of `amounts` for `subject` or throws. One conditional update a resource: of fifty requests
   * for the last unit one changes a row, the others change none. Taking twice for a subject takes once.
   * @throws QuotaExceeded naming the resource; the caller's transaction then rolls back
   */
  static async take(
    organizationId: number,
    subject: string,
    amounts: QuotaAmounts,
    trx: TransactionClientContract
  ): Promise<void> {
    // In one order everywhere, or two transactions could wait for each other's row.
    for (const resource of QUOTA_RESOURCES) {
      const amount = amounts[resource]
      if (!amount) continue
      const held = await trx
        .from('quota_holdings')
        .where({ subject, resource })
        .select('amount')
        .first()
      if (held) continue
      await Quota.increase(organizationId, resource, amount, trx)
      await trx
        .table('quota_holdings')
        .insert({ organization_id: organizationId, resource, subject, amount })
    }
  }

  /**
   * Has `subject` hold just these amounts, whatever it held before. Call it under the lock of the subject.
   * @throws QuotaExceeded naming the resource of which there is not enough
   */
  static async hold(
    organizationId: number,
    subject: string,
    amounts: QuotaAmounts,
    trx: TransactionClientContract
  ): Promise<void> {
    for (const resource of QUOTA_RESOURCES) {
      const amount = amounts[resource]
      if (amount === undefined) continue
      const holdings = () => trx.from('quota_holdings').where({ subject, resource })
      const held = await holdings().select('amount').first()
      const more = amount - Number(held?.amount ?? 0)
      if (more > 0) await Quota.increase(organizationId, resource, more, trx)
      if (more < 0) {
        await trx
          .from('quotas')
          .where({ organization_id: organizationId, resource })
          .decrement('used', -more)
      }
      if (held) await holdings().update({ amount })
      else if (amount > 0) {
        await trx
          .table('quota_holdings')
          .insert({ organization_id: organizationId, resource, subject, amount })
      }
    }
  }

  /** Whether it may have so much more, as things stand. */
  static async allows(organizationId: number, more: QuotaAmounts): Promise<boolean> {
    const quotas = await db.from('quotas').where('organization_id', organizationId)
    return quotas.every(({ resource, maximum, used }) => {
      const wanted = more[resource as QuotaResource] ?? 0
      return wanted <= 0 || maximum === null || used + wanted <= maximum
    })
  }

  /** New maxima, by staff and with a reason. False when nothing differs. */
  static async decide(
    organization: Organization,
    maxima: Record<QuotaResource, number | null>,
    reason: string
  ): Promise<boolean> {
    return db.transaction(async (trx) => {
      const quotas = await Quota.query({ client: trx })
        .where('organizationId', organization.id)
        .forUpdate()
      const before = Object.fromEntries(quotas.map((quota) => [quota.resource, quota.maximum]))
      const changed = quotas.filter((quota) => quota.maximum !== maxima[quota.resource])
      if (changed.length === 0) return false
      for (const quota of changed) {
        quota.maximum = maxima[quota.resource]
        await quota.save()
      }
      await AuditEvent.record(
        {
          action: 'organization.quotas_changed',
          organizationId: organization.id,
          subject: organization.auditSubject,
          before,
          after: { ...maxima, reason },
        },
        trx
      )
      return true
    })
  }

  /**
   * Compares each counter with the sum of what is held, under its lock; with `fix` the sum wins.
   * Answers with the counters that were wrong.
   */
  static async recount(fix: boolean): Promise<Miscount[]> {
    const wrong: Miscount[] = []
    const ids: { id: number }[] = await db.from('quotas').orderBy('id').select('id')
    for (const { id } of ids) {
      await db.transaction(async (trx) => {
        const quota = await trx.from('quotas').where('id', id).forUpdate().first()
        if (!quota) return
        const sum = await trx
          .from('quota_holdings')
          .where({ organization_id: quota.organization_id, resource: quota.resource })
          .sum('amount as held')
          .first()
        const held = Number(sum?.held ?? 0)
        if (held === quota.used) return
        wrong.push({
          organizationId: quota.organization_id,
          resource: quota.resource,
          used: quota.used,
          held,
        })
        if (fix) await trx.from('quotas').where('id', id).update({ used: held })
      })
    }
    return wrong
  }

  /** Has another organization hold what these subjects hold. @throws QuotaExceeded: theirs */
  static async move(
    subjects: string[],
    toOrganizationId: number,
    trx: TransactionClientContract
  ): Promise<void> {
    const held = () => trx.from('quota_holdings').whereIn('subject', subjects)
    const sums = await held()
      .groupBy('organization_id', 'resource')
      .select('organization_id', 'resource')
      .sum('amount as amount')
    for (const resource of QUOTA_RESOURCES) {
      for (const sum of sums.filter((each) => each.resource === resource)) {
        const amount = Number(sum.amount)
        await Quota.increase(toOrganizationId, resource, amount, trx)
        await trx
          .from('quotas')
          .where({ organization_id: sum.organization_id, resource })
          .decrement('used', amount)
      }
    }
    await held().update({ organization_id: toOrganizationId })
  }

  private static async increase(
    organizationId: number,
    resource: QuotaResource,
    amount: number,
    trx: TransactionClientContract
  ): Promise<void> {
    const quotas = () => trx.from('quotas').where({ organization_id: organizationId, resource })
    const changed = await quotas()
      .whereRaw('(maximum is null or used + ? <= maximum)', [amount])
      .increment('used', amount)
    const quota = await quotas().first()
    if (affected(changed) > 0) return tellOfQuota(quota, amount, trx)
    throw new QuotaExceeded({
      resource,
      maximum: quota?.maximum ?? 0,
      used: quota?.used ?? 0,
      wanted: amount,
    })
  }

  /** What one subject holds, another holds from now on; the counters do not move. */
  static async handOver(from: string, to: string, trx: TransactionClientContract): Promise<void> {
    await trx.from('quota_holdings').where({ subject: from }).update({ subject: to })
  }

  /** Gives back whatever `subject` holds. Twice gives back once. */
  static async giveBack(subject: string, trx: TransactionClientContract): Promise<void> {
    const order = (resource: QuotaResource) => QUOTA_RESOURCES.indexOf(resource)
    const holdings = await trx.from('quota_holdings').where({ subject })
    for (const holding of holdings.sort((a, b) => order(a.resource) - order(b.resource))) {
      const deleted = await trx.from('quota_holdings').where('id', holding.id).delete()
      if (affected(deleted) === 0) continue
      await trx
        .from('quotas')
        .where({ organization_id: holding.organization_id, resource: holding.resource })
        .decrement('used', holding.amount)
    }
  }
}
