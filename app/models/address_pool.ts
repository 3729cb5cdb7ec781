import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import db from '@adonisjs/lucid/services/db'
import { AddressPoolSchema } from '#database/schema'
import { formatAddress } from '#addressing/address'
import { chooseAddress } from '#addressing/choose'
import { parseCidr } from '#addressing/cidr'
import { NoFreeAddress } from '#exceptions/domain_error'
import Address from '#models/address'
import AddressRange from '#models/address_range'
import Cluster from '#models/cluster'
import type Instance from '#models/instance'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { newUid } from '#models/concerns/uid'

/** Each lost race costs one try; two hundred mean that something else is wrong. */
const LEASE_TRIES = 200

/** A network of a cluster, and the parts of it that Portico may lease to instances. */
export default class AddressPool extends AddressPoolSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @hasMany(() => AddressRange)
  declare ranges: HasMany<typeof AddressRange>

  @beforeCreate()
  static assignUid(pool: AddressPool) {
    pool.uid ??= newUid('l')
  }

  get prefixLength(): number {
    return parseCidr(this.cidr)!.prefixLength
  }

  get nameserverList(): string[] {
    return (this.nameservers ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  }

  /**
   * Leases a free address to the instance. Who comes first is decided by the unique key of `addresses`.
   * @throws NoFreeAddress
   */
  async lease(instance: Instance): Promise<Address> {
    const ranges = await AddressRange.query().where('address_pool_id', this.id).orderBy('first_key')
    const whole = isSearchedWhole(ranges)
    for (let attempt = 0; attempt < LEASE_TRIES; attempt++) {
      const key = chooseAddress(ranges, whole ? await this.takenKeys() : new Set())
      if (!key) throw new NoFreeAddress({ pool: this.name })
      try {
        return await Address.create({
          organizationId: instance.organizationId,
          instanceId: instance.id,
          clusterId: this.clusterId,
          addressPoolId: this.id,
          family: this.family,
          address: formatAddress(key, this.family),
          addressKey: key,
          assignedAt: null,
        })
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
      }
    }
    throw new NoFreeAddress({ pool: this.name })
  }

  /** Of the whole cluster: pools may overlap. */
  private async takenKeys(): Promise<Set<string>> {
    const rows = await db
      .from('addresses')
      .where({ cluster_id: this.clusterId, family: this.family })
      .select('address_key')
    return new Set(rows.map((row) => row.address_key as string))
  }
}
