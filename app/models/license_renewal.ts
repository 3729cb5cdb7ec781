import { belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { LicenseRenewalSchema } from '#database/schema'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'

/** That a licence goes on, from when until when. */
export default class LicenseRenewal extends compose(LicenseRenewalSchema, BelongsToOrganization) {
  @belongsTo(() => User, { foreignKey: 'renewedById' })
  declare renewedBy: BelongsTo<typeof User>
}
