import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { InstanceSchema } from '#database/schema'
import type { PowerAction, Size } from '#drivers/contract'
import { NameTaken, NotFound, NotPossibleNow } from '#exceptions/domain_error'
import Address from '#models/address'
import AddressPool from '#models/address_pool'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Node from '#models/node'
import OneTimeSecret from '#models/one_time_secret'
import Operation from '#models/operation'
import type Organization from '#models/organization'
import Plan from '#models/plan'
import Quota, { type QuotaAmounts } from '#models/quota'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { affectedRows, transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'

export type InstanceOrder = {
  name: string
  plan: Plan
  image: Image
  rootPassword: string
  sshKeys: string[]
  requestedBy: User | null
  requestKey?: string | null
}

export type Ordered = { instance: Instance; operation: Operation }

/** What a person reads as its state; `busy` ones have an operation open on them. */
export type InstanceStatus =
  | 'creating'
  | 'deleting'
  | 'working'
  | 'failed'
  | 'deleted'
  | 'running'
  | 'stopped'
  | 'frozen'
  | 'unknown'

/** The customer's container or virtual machine. */
export default class Instance extends compose(InstanceSchema, BelongsToOrganization) {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @belongsTo(() => Node)
  declare node: BelongsTo<typeof Node>

  @belongsTo(() => Plan)
  declare plan: BelongsTo<typeof Plan>

  @belongsTo(() => Image)
  declare image: BelongsTo<typeof Image>

  @belongsTo(() => User, { foreignKey: 'createdById' })
  declare createdBy: BelongsTo<typeof User>

  @hasMany(() => Address)
  declare addresses: HasMany<typeof Address>

  @hasMany(() => Operation)
  declare operations: HasMany<typeof Operation>

  @beforeCreate()
  static assignUid(instance: Instance) {
    instance.uid ??= newUid('i')
  }

  /**
   * Accepts an order: the row, its quota and the operation come into being together or not at all.
   * @throws NameTaken, QuotaExceeded, NotFound (plan or image is not offered there)
   */
  static async order(organization: Organization, order: InstanceOrder): Promise<Ordered> {
    const earlier = await Instance.ofRequest(organization.id, order.requestKey)
    if (earlier) return earlier
    try {
      return await transaction((trx) => Instance.accept(organization, order, trx))
    } catch (error) {
      if (!isUniqueViolation(error) && !isUniqueViolation((error as Error).cause)) throw error
      const twin = await Instance.ofRequest(organization.id, order.requestKey)
      if (twin) return twin
      throw new NameTaken({ name: order.name }, { cause: error })
    }
  }

  private static async accept(
    organization: Organization,
    order: InstanceOrder,
    trx: TransactionClientContract
  ): Promise<Ordered> {
    const { plan, image } = order
    const uid = newUid('i')
    const instance = await Instance.create(
      {
        uid,
        organizationId: organization.id,
        name: order.name,
        liveName: order.name,
        kind: plan.kind,
        clusterId: image.clusterId,
        planId: plan.id,
        imageId: image.id,
        ref: `pt-${uid}`,
        cpus: plan.cpus,
        memoryMib: plan.memoryMib,
        diskGib: plan.diskGib,
        ingressMbps: plan.ingressMbps,
        egressMbps: plan.egressMbps,
        powerState: 'unknown',
        createdById: order.requestedBy?.id ?? null,
      },
      { client: trx }
    )
    const families = await Instance.addressFamilies(image.clusterId, trx)
    await instance.takeQuota(families.length, trx)
    const secret = await OneTimeSecret.keep(instance, order.rootPassword, trx)
    const operation = await Operation.open(
      {
        type: 'instance.create',
        instance,
        input: { families, secretId: secret.id, sshKeys: order.sshKeys },
        requestedBy: order.requestedBy,
        requestKey: order.requestKey,
      },
      trx
    )
    return { instance, operation }
  }

  private static async ofRequest(
    organizationId: number,
    requestKey: string | null | undefined
  ): Promise<Ordered | null> {
    const operation = await Operation.ofRequest(organizationId, requestKey)
    if (!operation) return null
    await operation.load('instance')
    return { instance: operation.instance, operation }
  }

  /** One address of each family the cluster has an open pool for. */
  private static async addressFamilies(
    clusterId: number,
    trx: TransactionClientContract
  ): Promise<number[]> {
    const pools = await AddressPool.query({ client: trx })
      .where('cluster_id', clusterId)
      .whereNull('closed_at')
      .distinct('family')
      .orderBy('family')
    return pools.map((pool) => pool.family)
  }

  /** @throws InstanceBusy, NotPossibleNow */
  async power(
    action: PowerAction,
    by: User | null,
    requestKey: string | null = null
  ): Promise<Operation> {
    if (!this.isProvisioned) throw new NotPossibleNow()
    return this.open('instance.power', { action }, by, requestKey)
  }

  /** Removes it and all it holds; what is gone already stays gone. @throws InstanceBusy */
  async destroy(by: User | null, requestKey: string | null = null): Promise<Operation> {
    if (this.deletedAt) throw new NotFound()
    return this.open('instance.delete', {}, by, requestKey)
  }

  /**
   * Tries a create again that was taken back, with the same order.
   * @throws NotPossibleNow, QuotaExceeded, InstanceBusy
   */
  async orderAgain(failed: Operation, by: User | null): Promise<Operation> {
    if (!this.failedAt || this.deletedAt || failed.type !== 'instance.create') {
      throw new NotPossibleNow()
    }
    const secret = await OneTimeSecret.find(failed.input.secretId as number)
    if (!secret?.isReadable) throw new NotPossibleNow()
    const operation = await transaction(async (trx) => {
      const begun = await trx
        .from('instances')
        .where('id', this.id)
        .whereNotNull('failed_at')
        .whereNull('deleted_at')
        .update({ failed_at: null })
      if (affectedRows(begun) === 0) throw new NotPossibleNow()
      const families = await Instance.addressFamilies(this.clusterId, trx)
      await this.takeQuota(families.length, trx)
      return Operation.open(
        {
          type: 'instance.create',
          instance: this,
          input: { ...failed.input, families },
          requestedBy: by,
          retryOf: failed,
        },
        trx
      )
    })
    await this.refresh()
    return operation
  }

  private async open(
    type: 'instance.power' | 'instance.delete',
    input: Record<string, unknown>,
    requestedBy: User | null,
    requestKey: string | null
  ): Promise<Operation> {
    const earlier = await Operation.ofRequest(this.organizationId, requestKey)
    if (earlier) return earlier
    try {
      return await transaction((trx) =>
        Operation.open({ type, instance: this, input, requestedBy, requestKey }, trx)
      )
    } catch (error) {
      const twin = await Operation.ofRequest(this.organizationId, requestKey)
      if (twin) return twin
      throw error
    }
  }

  private takeQuota(addresses: number, trx: TransactionClientContract): Promise<void> {
    const amounts: QuotaAmounts = {
      instances: 1,
      cpus: this.cpus,
      memory_mib: this.memoryMib,
      disk_gib: this.diskGib,
      addresses,
    }
    return Quota.take(this.organizationId, this.quotaSubject, amounts, trx)
  }

  giveBackQuota(trx: TransactionClientContract): Promise<void> {
    return Quota.giveBack(this.quotaSubject, trx)
  }

  get quotaSubject(): string {
    return `instance-${this.id}`
  }

  get isProvisioned(): boolean {
    return this.provisionedAt !== null && this.deletedAt === null
  }

  get size(): Size {
    return {
      cpus: this.cpus,
      memoryMib: this.memoryMib,
      diskGib: this.diskGib,
      ingressMbps: this.ingressMbps,
      egressMbps: this.egressMbps,
    }
  }

  /** `open`: the type of the operation that is open on it, if any. */
  static status(
    row: Pick<Instance, 'deletedAt' | 'failedAt' | 'provisionedAt' | 'powerState'>,
    open: string | null
  ): InstanceStatus {
    if (row.deletedAt) return 'deleted'
    if (open === 'instance.create') return 'creating'
    if (open === 'instance.delete') return 'deleting'
    if (open) return 'working'
    if (row.failedAt || !row.provisionedAt) return 'failed'
    return row.powerState
  }
}
