import { belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { BatchItemSchema } from '#database/schema'
import Instance from '#models/instance'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'

/** One instance of a batch: what was asked for it, and where that went. */
export default class BatchItem extends compose(BatchItemSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>
}
