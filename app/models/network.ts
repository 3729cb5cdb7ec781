import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { NetworkSchema } from '#database/schema'
import Cluster from '#models/cluster'

/** What instances of a cluster are plugged into. */
export default class Network extends NetworkSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>
}
