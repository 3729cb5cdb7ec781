import { compose } from '@adonisjs/core/helpers'
import { LicenseSuspensionSchema } from '#database/schema'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'

/** Why a licence rests, and since when; suspended is a licence with one that is not lifted. */
export default class LicenseSuspension extends compose(
  LicenseSuspensionSchema,
  BelongsToOrganization
) {}
