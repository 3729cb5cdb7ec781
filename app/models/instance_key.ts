import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { InstanceKeySchema } from '#database/schema'
import { NotPossibleNow, TooManyKeys } from '#exceptions/domain_error'
import { requireFacet } from '#models/facets'
import type Instance from '#models/instance'
import type { DeedOrder } from '#models/instance'
import type Operation from '#models/operation'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { PublicKey } from '#models/concerns/public_key'
import { newUid } from '#models/concerns/uid'

/** Of one instance: who needs more wants a bastion. */
export const MOST_KEYS = 50

export type KeysOrder = DeedOrder & {
  /** Lines fit for authorized_keys; see the rule `sshPublicKeys`. */
  add?: string[]
  /** uids of keys it has. */
  remove?: string[]
}

/** A public key by which one signs in to an instance as root. What people put there by hand is theirs and not here. */
export default class InstanceKey extends compose(InstanceKeySchema, BelongsToOrganization) {
  @belongsTo(() => User, { foreignKey: 'addedById' })
  declare addedBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(key: InstanceKey) {
    key.uid ??= newUid('k')
  }

  static of(instance: Instance, client?: TransactionClientContract): Promise<InstanceKey[]> {
    return InstanceKey.query({ client })
      .where('instance_id', instance.id)
      .preload('addedBy')
      .orderBy('id')
      .exec()
  }

  /**
   * Puts keys into the guest and takes others out of it. null: it has them all, and none of those to be removed.
   * @throws TooManyKeys, ClusterCannot, InstanceSuspended, InstanceBusy, NotPossibleNow
   */
  static async change(instance: Instance, order: KeysOrder): Promise<Operation | null> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    await requireFacet(instance, 'credentials')
    const present = await InstanceKey.of(instance)
    const known = new Set(present.map(({ fingerprint }) => fingerprint))
    const add = (order.add ?? []).filter((line) => !known.has(PublicKey.fingerprint(line)))
    const remove = present
      .filter(({ uid }) => order.remove?.includes(uid))
      .map(({ publicKey }) => publicKey)
    if (add.length + remove.length === 0) return null
    const total = present.length + add.length - remove.length
    if (total > MOST_KEYS) throw new TooManyKeys({ maximum: MOST_KEYS })
    const { by, requestKey } = order
    return instance.begin(
      {
        type: 'instance.change_keys',
        input: { sshKeys: add, removedKeys: remove, addedById: by?.id ?? null },
        requestedBy: by,
        requestKey,
      },
      (trx) => instance.refuseSuspended(trx)
    )
  }

  /** It has them now. Known already: stays as it is. */
  static async keep(
    instance: Instance,
    lines: string[],
    addedById: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const present = await InstanceKey.of(instance, trx)
    const known = new Set(present.map(({ fingerprint }) => fingerprint))
    for (const publicKey of lines) {
      const fingerprint = PublicKey.fingerprint(publicKey)
      if (known.has(fingerprint)) continue
      known.add(fingerprint)
      const { organizationId, id: instanceId } = instance
      await InstanceKey.create(
        { organizationId, instanceId, fingerprint, publicKey, addedById },
        { client: trx }
      )
    }
  }

  static async forget(
    instance: Instance,
    lines: string[],
    trx: TransactionClientContract
  ): Promise<void> {
    await trx
      .from('instance_keys')
      .where('instance_id', instance.id)
      .whereIn('fingerprint', lines.map(PublicKey.fingerprint))
      .delete()
  }

  get comment(): string | null {
    return PublicKey.comment(this.publicKey)
  }

  get type(): string {
    return PublicKey.type(this.publicKey)
  }
}
