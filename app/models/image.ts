import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ImageSchema } from '#database/schema'
import Cluster from '#models/cluster'
import { newUid } from '#models/concerns/uid'

/** What an instance is built from. */
export default class Image extends ImageSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @beforeCreate()
  static assignUid(row: Image) {
    row.uid ??= newUid('g')
  }
}
