import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { InvitationSchema } from '#database/schema'
import Organization from '#models/organization'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { newUid } from '#models/concerns/uid'

/** An offer to become a member, sent by mail. */
export default class Invitation extends compose(InvitationSchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @beforeCreate()
  static assignUid(invitation: Invitation) {
    invitation.uid ??= newUid('v')
  }
}
