import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import { BaseModel, beforeCreate } from '@adonisjs/lucid/orm'
import type { LucidModel, LucidRow, ModelAdapterOptions } from '@adonisjs/lucid/types/model'
import { Exception } from '@adonisjs/core/exceptions'
import { Tenant } from '#models/concerns/tenant'

type TenantRow = LucidRow & { organizationId: number }

/**
 * The second net of tenancy: without a tenant every entry point throws, with one every query is confined
 * to it. Walking from the organization stays the rule; this catches who forgets.
 */
export function BelongsToOrganization<T extends NormalizeConstructor<typeof BaseModel>>(
  superclass: T
) {
  class OwnedModel extends superclass {
    static override query<Model extends LucidModel, Result = InstanceType<Model>>(
      this: Model,
      options?: ModelAdapterOptions
    ) {
      const builder = super.query.call(this, options) as ReturnType<
        typeof BaseModel.query<Model, Result>
      >
      const organizationId = Tenant.current(this.table)
      if (organizationId === null) return builder
      // Without wrapExisting a later orWhere would stand beside the tenant's condition, not inside it.
      return builder.where(`${this.table}.organization_id`, organizationId).wrapExisting()
    }

    @beforeCreate()
    static fillOrganization(row: TenantRow) {
      const organizationId = Tenant.current((row.constructor as LucidModel).table)
      if (organizationId === null) return
      row.organizationId ??= organizationId
      if (row.organizationId !== organizationId) {
        throw new Exception('a row of another tenant was about to be created', {
          code: 'E_TENANT_MISMATCH',
          status: 500,
        })
      }
    }
  }
  return OwnedModel
}
