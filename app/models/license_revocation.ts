import { compose } from '@adonisjs/core/helpers'
import { LicenseRevocationSchema } from '#database/schema'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'

/** A licence that was taken back, for good. */
export default class LicenseRevocation extends compose(
  LicenseRevocationSchema,
  BelongsToOrganization
) {}
