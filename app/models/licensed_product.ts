import { DateTime } from 'luxon'
import { beforeCreate } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import { LicensedProductSchema } from '#database/schema'
import { ProductInUse } from '#exceptions/domain_error'
import type { AuditSubject } from '#models/audit_event'
import { recordedChange, recordedRemoval } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'

export type ProductFacts = Pick<
  LicensedProductSchema,
  | 'code'
  | 'name'
  | 'algorithm'
  | 'classicEnabled'
  | 'classicOrder'
  | 'encrypted'
  | 'rebindLimit'
  | 'graceDays'
>

/** What is licensed. */
export default class LicensedProduct extends LicensedProductSchema {
  @beforeCreate()
  static assignUid(product: LicensedProduct) {
    product.uid ??= newUid('p')
  }

  /** By name, archived ones last. */
  static inOrder() {
    return LicensedProduct.query().orderByRaw('archived_at is not null').orderBy('name')
  }

  static offered() {
    return LicensedProduct.query().whereNull('archived_at').orderBy('name')
  }

  /** How many licences each has. */
  static async countLicenses(): Promise<Map<number, number>> {
    const rows = await db
      .from('licenses')
      .groupBy('licensed_product_id')
      .select('licensed_product_id as product')
      .count('* as total')
    return new Map(rows.map((row) => [row.product, Number(row.total)]))
  }

  /** @throws NameInUse */
  static async add(facts: ProductFacts): Promise<LicensedProduct> {
    const product = new LicensedProduct()
    await recordedChange<LicensedProduct>(product, 'licensed_product.added', {
      uid: newUid('p'),
      ...facts,
    })
    return product
  }

  /** Documents that were issued stay as they are. @throws NameInUse */
  change(facts: ProductFacts): Promise<void> {
    return recordedChange<LicensedProduct>(this, 'licensed_product.changed', facts)
  }

  /** No longer granted; licences go on. */
  async archive(): Promise<void> {
    if (this.archivedAt) return
    const archivedAt = DateTime.utc()
    await recordedChange<LicensedProduct>(this, 'licensed_product.archived', { archivedAt })
  }

  restore(): Promise<void> {
    return recordedChange<LicensedProduct>(this, 'licensed_product.restored', { archivedAt: null })
  }

  /** @throws ProductInUse */
  async remove(): Promise<void> {
    await db.transaction(async (trx) => {
      await trx.from('licensed_products').where('id', this.id).forUpdate().firstOrFail()
      const { total } = await trx
        .from('licenses')
        .where('licensed_product_id', this.id)
        .count('* as total')
        .firstOrFail()
      if (Number(total) > 0) throw new ProductInUse({ licenses: Number(total) })
      const { code, name, algorithm } = this
      await recordedRemoval(this, 'licensed_product.deleted', { code, name, algorithm }, trx)
    })
  }

  get auditSubject(): AuditSubject {
    return { kind: 'licensed_product', uid: this.uid, label: this.name ?? '' }
  }
}
