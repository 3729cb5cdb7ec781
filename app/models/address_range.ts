import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { AddressRangeSchema } from '#database/schema'
import AddressPool from '#models/address_pool'

/** A part of a pool that may be leased. */
export default class AddressRange extends AddressRangeSchema {
  @belongsTo(() => AddressPool)
  declare addressPool: BelongsTo<typeof AddressPool>
}
