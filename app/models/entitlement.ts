import { compose } from '@adonisjs/core/helpers'
import { EntitlementSchema } from '#database/schema'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'

/** A named right within a licence, with a limit where one is meant. */
export default class Entitlement extends compose(EntitlementSchema, BelongsToOrganization) {
  /** As a document writes it: `support`, `gpu=4`. */
  get text(): string {
    return this.maximum === null ? this.name : `${this.name}=${this.maximum}`
  }
}
