import { ModelQueryBuilder } from '@adonisjs/lucid/orm'
import type { LucidModel } from '@adonisjs/lucid/types/model'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'

type Condition = { method: string; args: unknown[] }
type Conditions = Record<string, (...args: unknown[]) => unknown>

/**
 * A query over one tenant's rows, however it goes on. Whatever conditions are added, they end up inside
 * one pair of brackets with the tenant's beside it: a query that begins with `orWhere`, one that wraps its
 * conditions, one that is printed before it runs and one that is cloned to count pages all stay inside.
 */
export class ConfinedQueryBuilder extends ModelQueryBuilder {
  constructor(
    model: LucidModel,
    client: QueryClientContract,
    private organizationId: number,
    knexQuery = client.knexQuery()
  ) {
    super(knexQuery, model, client)
  }

  override clone(): never {
    const { model, client, organizationId } = this
    const clone = new ConfinedQueryBuilder(model, client, organizationId, this.knexQuery.clone())
    this.applyQueryFlags(clone)
    clone.usePreloader(this.preloader.clone())
    clone.sideloaded = { ...this.sideloaded }
    clone.debug(this.debugQueries)
    clone.reporterData(this.customReporterData)
    if (this.rowTransformerCallback) clone.rowTransformer(this.rowTransformerCallback)
    return clone as never
  }

  protected override applyWhere(): void {
    const { whereStack } = this as unknown as { whereStack: Condition[][] }
    const groups = whereStack.filter((conditions) => conditions.length > 0)
    this.knexQuery.clearWhere()
    if (groups.length > 0) {
      this.knexQuery.where((all) => {
        for (const conditions of groups) {
          const write = (group: unknown) => {
            for (const { method, args } of conditions) (group as Conditions)[method](...args)
          }
          if (conditions[0].method.startsWith('or')) all.orWhere(write)
          else all.where(write)
        }
      })
    }
    this.knexQuery.where(this.tenantColumn, this.organizationId)
  }

  /** Of a query over a sub-query (Lucid's limit by group) the table's name is not known outside. */
  private get tenantColumn(): string {
    const { table } = (this.knexQuery as unknown as { _single: { table: unknown } })._single
    if (this.tableAlias) return `${this.tableAlias}.organization_id`
    return typeof table === 'string' ? `${this.model.table}.organization_id` : 'organization_id'
  }
}
