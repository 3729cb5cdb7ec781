import { belongsTo, column } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { NetworkSchema } from '#database/schema'
import Cluster from '#models/cluster'

/** What instances of a cluster are plugged into. */
export default class Network extends NetworkSchema {
  /** The naming strategy would look for `ipv_4`. */
  @column({ columnName: 'ipv4' })
  declare ipv4: string | null

  @column({ columnName: 'ipv6' })
  declare ipv6: string | null

  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>
}
