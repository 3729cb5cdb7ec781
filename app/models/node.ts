import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { NodeSchema } from '#database/schema'
import Cluster from '#models/cluster'
import { newUid } from '#models/concerns/uid'

/** A machine in a cluster on which instances run. */
export default class Node extends NodeSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @beforeCreate()
  static assignUid(row: Node) {
    row.uid ??= newUid('n')
  }
}
