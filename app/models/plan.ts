import { beforeCreate, manyToMany } from '@adonisjs/lucid/orm'
import type { ManyToMany } from '@adonisjs/lucid/types/relations'
import { PlanSchema } from '#database/schema'
import Cluster from '#models/cluster'
import { newUid } from '#models/concerns/uid'

/** A sold size. */
export default class Plan extends PlanSchema {
  @manyToMany(() => Cluster, { pivotTable: 'cluster_plans' })
  declare clusters: ManyToMany<typeof Cluster>

  @beforeCreate()
  static assignUid(row: Plan) {
    row.uid ??= newUid('p')
  }
}
