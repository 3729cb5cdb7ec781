import { belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { AddressSchema } from '#database/schema'
import AddressPool from '#models/address_pool'
import Instance from '#models/instance'
import Interface from '#models/interface'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'

/** One IP address that an instance holds; an address without a row is free. */
export default class Address extends compose(AddressSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  /** The further card that carries it; null: the one it was made with. */
  @belongsTo(() => Interface)
  declare interface: BelongsTo<typeof Interface>

  @belongsTo(() => AddressPool)
  declare addressPool: BelongsTo<typeof AddressPool>
}
