import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { StoragePoolSchema } from '#database/schema'
import Cluster from '#models/cluster'

/** Where a cluster keeps root disks. */
export default class StoragePool extends StoragePoolSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>
}
