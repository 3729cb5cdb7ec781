import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import { BaseModel, beforeCreate } from '@adonisjs/lucid/orm'
import type {
  LucidModel,
  LucidRow,
  ModelAdapterOptions,
  ModelObject,
} from '@adonisjs/lucid/types/model'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { Exception } from '@adonisjs/core/exceptions'
import { ConfinedQueryBuilder } from '#models/concerns/confined_query_builder'
import { Tenant } from '#models/concerns/tenant'

type TenantRow = LucidRow & { organizationId: number }
type Query<Model extends LucidModel, Result> = ReturnType<typeof BaseModel.query<Model, Result>>

export class TenantMismatch extends Exception {
  static override status = 500
  static override code = 'E_TENANT_MISMATCH'
}

/**
 * The second net of tenancy. Without a tenant every way to a row throws. With one, every query that starts
 * at the model is confined to it, no row of another tenant is written, and none comes in, not even over a
 * relation. Walking from the organization stays the rule; this catches who forgets.
 */
export function BelongsToOrganization<T extends NormalizeConstructor<typeof BaseModel>>(
  superclass: T
) {
  class OwnedModel extends superclass {
    static override query<Model extends LucidModel, Result = InstanceType<Model>>(
      this: Model,
      options?: ModelAdapterOptions
    ) {
      const organizationId = Tenant.current(this.table)
      if (organizationId === null) {
        return super.query.call(this, options) as Query<Model, Result>
      }
      this.boot()
      const client = this.$adapter.modelConstructorClient(this, options)
      return new ConfinedQueryBuilder(this, client, organizationId) as unknown as Query<
        Model,
        Result
      >
    }

    @beforeCreate()
    static fillOrganization(row: TenantRow) {
      const organizationId = Tenant.current(tableOf(row))
      if (organizationId !== null) row.organizationId ??= organizationId
    }

    /** All rows that are read pass here, whichever query found them. */
    static override $createFromAdapterResult<Model extends LucidModel>(
      this: Model,
      values: ModelObject,
      sideloaded?: ModelObject,
      options?: ModelAdapterOptions
    ) {
      check(this.table, values?.organization_id)
      return super.$createFromAdapterResult.call(this, values, sideloaded, options) as never
    }

    /** All rows that are written pass here, with hooks or without. */
    override $getQueryFor(action: never, client: QueryClientContract): never {
      const row = this as unknown as TenantRow
      check(tableOf(row), row.$original.organizationId)
      check(tableOf(row), row.organizationId)
      return super.$getQueryFor(action, client) as never
    }
  }
  return OwnedModel
}

/** @throws TenantNotSet, TenantMismatch; a column that was not selected says nothing */
function check(table: string, organizationId: unknown): void {
  const tenant = Tenant.current(table)
  if (tenant === null || organizationId === undefined || organizationId === tenant) return
  throw new TenantMismatch(`a row of ${table} that belongs to another tenant was about to be used`)
}

function tableOf(row: LucidRow): string {
  return (row.constructor as LucidModel).table
}
