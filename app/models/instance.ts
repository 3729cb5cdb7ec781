import { randomInt } from 'node:crypto'
import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { familiesTogether } from '#addressing/networks'
import { InstanceSchema } from '#database/schema'
import type { Facet, IpFamily, PowerAction, Size } from '#drivers/contract'
import {
  InstanceNotRunning,
  InstanceSuspended,
  NameTaken,
  NotFound,
  NotPossibleNow,
} from '#exceptions/domain_error'
import Address from '#models/address'
import AddressPool from '#models/address_pool'
import AuditEvent from '#models/audit_event'
import Backup, { type BackedUp, type BackupOrder } from '#models/backup'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Interface, { type AttachOrder } from '#models/interface'
import { move, type MoveOrder } from '#models/move'
import Node from '#models/node'
import InstanceKey, { type KeysOrder } from '#models/instance_key'
import OneTimeSecret from '#models/one_time_secret'
import Operation, { type OpenOnInstance } from '#models/operation'
import { affected } from '#models/concerns/sql'
import Organization from '#models/organization'
import Plan from '#models/plan'
import PortForward, { type ForwardOrder, type Forwarded } from '#models/port_forward'
import { reinstall, type ReinstallOrder } from '#models/reinstallation'
import { rescue } from '#models/rescue'
import { resize, soldBy, type ResizeOrder } from '#models/resize'
import { sizeOf } from '#models/size'
import Snapshot, { type SnapshotOrder, type Snapshotted } from '#models/snapshot'
import { rename, type RenameOrder } from '#models/renaming'
import Suspension, { type Suspended, type SuspensionOrder } from '#models/suspension'
import Quota, { type QuotaAmounts } from '#models/quota'
import TrafficMonth from '#models/traffic_month'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type {
  InstancePhase,
  OperationState,
  OperationType,
  StepRecord,
  SuspensionReason,
} from '#models/types'

/** A size that no plan has, as billing systems sell them. */
export type FreeSize = Pick<
  Plan,
  | 'kind'
  | 'cpus'
  | 'memoryMib'
  | 'diskGib'
  | 'ingressMbps'
  | 'egressMbps'
  | 'trafficGib'
  | 'trafficAction'
  | 'throttleMbps'
  | 'snapshotLimit'
  | 'portForwardLimit'
>

export type InstanceOrder = {
  name: string
  plan: Plan | FreeSize
  image: Image
  rootPassword: string
  /** Whether the person chose it; then it is not kept to be shown. */
  isPasswordKnown?: boolean
  sshKeys: string[]
  /** One address of each; left out: of each family that a network of the cluster has open pools for. */
  families?: IpFamily[]
  requestedBy: User | null
  requestKey?: string | null
  /** What a billing system calls it, and the digest of what it ordered. */
  billing?: { reference: string; fingerprint: string }
  /** Made of this one's archive, not of the image. */
  backup?: Backup
}

/** Who asked for a deed; null: a program. */
export type DeedOrder = { by: User | null; requestKey?: string | null }

export type Ordered = { instance: Instance; operation: Operation }

/** What a person reads as its state; the first ones while an operation is open on it. */
export type InstanceStatus =
  | 'creating'
  | 'deleting'
  | 'starting'
  | 'stopping'
  | 'restarting'
  | 'compensating'
  | 'needs_attention'
  | 'working'
  | 'suspended'
  | 'deleted'
  | InstancePhase

/** The operation that is open on an instance, without the model. */
export type OpenOperationRow = {
  uid: string
  type: OperationType
  state: OperationState
  input: Record<string, unknown>
  steps: StepRecord[]
}

const OPERATIONS_ON_PAGE = 10

const POWER_STATUSES: Record<PowerAction, InstanceStatus> = {
  start: 'starting',
  stop: 'stopping',
  force_stop: 'stopping',
  restart: 'restarting',
}

/** The customer's container or virtual machine. */
export default class Instance extends compose(InstanceSchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

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

  /** Of the card it was made with; see Interface for the others. */
  @hasMany(() => Address, { onQuery: (query) => query.whereNull('interface_id') })
  declare addresses: HasMany<typeof Address>

  @hasMany(() => PortForward)
  declare portForwards: HasMany<typeof PortForward>

  @hasMany(() => Operation)
  declare operations: HasMany<typeof Operation>

  @hasMany(() => OneTimeSecret)
  declare secrets: HasMany<typeof OneTimeSecret>

  /** Of the month that goes on; known once it is loaded for a page. null: nothing was counted yet. */
  traffic: TrafficMonth | null = null

  @hasMany(() => Suspension)
  declare suspensions: HasMany<typeof Suspension>

  /** What its cluster can; known once it is loaded for a page. */
  facets: ReadonlySet<Facet> = new Set()

  @beforeCreate()
  static assignUid(instance: Instance) {
    instance.uid ??= newUid('i')
  }

  /**
   * Accepts an order: the row, its quota and the operation come into being together or not at all. What may be
   * ordered is decided before, by the Offer; that the cluster was closed meanwhile is noticed here.
   * @throws NameTaken, QuotaExceeded, ClusterNotOffered
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
      const free = await Instance.freeName(organization, order.name)
      throw new NameTaken({ name: order.name, free }, { cause: error })
    }
  }

  private static async accept(
    organization: Organization,
    order: InstanceOrder,
    trx: TransactionClientContract
  ): Promise<Ordered> {
    const { plan, image } = order
    await Cluster.holdOpen(image.clusterId, trx)
    const uid = newUid('i')
    const instance = await Instance.create(
      {
        uid,
        organizationId: organization.id,
        name: order.name,
        liveName: order.name,
        kind: plan.kind,
        clusterId: image.clusterId,
        imageId: image.id,
        ref: `pt-${uid}`,
        ...soldBy(plan),
        powerState: 'unknown',
        createdById: order.requestedBy?.id ?? null,
        billingReference: order.billing?.reference ?? null,
        billingFingerprint: order.billing?.fingerprint ?? null,
      },
      { client: trx }
    )
    const families = order.families ?? (await Instance.addressFamilies(image.clusterId, trx))
    await instance.takeQuota(families.length, trx)
    const secret = await OneTimeSecret.keep(
      instance,
      order.rootPassword,
      { isOwn: order.isPasswordKnown ?? false },
      trx
    )
    const operation = await Operation.open(
      {
        type: 'instance.create',
        instance,
        input: {
          families,
          secretId: secret.id,
          sshKeys: order.sshKeys,
          ...(order.backup && { backupId: order.backup.id }),
        },
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

  /** One address of each family that a network of the cluster has open pools for. */
  private static async addressFamilies(
    clusterId: number,
    trx: TransactionClientContract
  ): Promise<IpFamily[]> {
    return familiesTogether(await AddressPool.forNew([clusterId], trx))
  }

  /** A living instance of the organization. @throws E_ROW_NOT_FOUND */
  static of(organization: Organization, uid: string): Promise<Instance> {
    return organization
      .related('instances')
      .query()
      .where('uid', uid)
      .whereNull('deleted_at')
      .firstOrFail()
  }

  /** A living instance of the organization with what the head of its pages tells. @throws E_ROW_NOT_FOUND */
  static async forPage(organization: Organization, uid: string): Promise<Instance> {
    const instance = await Instance.of(organization, uid)
    await instance.load((relation) =>
      relation
        .load('cluster')
        .load('node')
        .load('plan')
        .load('image')
        .load('createdBy')
        .load('operations', (operations) =>
          operations.preload('requestedBy').orderBy('id', 'desc').limit(OPERATIONS_ON_PAGE)
        )
        .load('suspensions', (suspensions) =>
          suspensions.whereNotNull('open_on').preload('imposedBy').orderBy('id')
        )
    )
    instance.facets = await instance.cluster.facets()
    instance.traffic = await TrafficMonth.current(instance)
    return instance
  }

  /** What its overview tells beside the head. */
  async loadForOverview(this: Instance): Promise<void> {
    await this.load((relation) =>
      relation
        .load('addresses', (addresses) => addresses.orderBy('family').orderBy('id'))
        .load('portForwards', (forwards) => forwards.orderBy('id'))
        .load('secrets', (secrets) => secrets.orderBy('id', 'desc').limit(1))
    )
  }

  /** All that the JSON API tells of it; of its operations only one that is open. */
  async loadForApi(this: Instance): Promise<void> {
    await this.load((relation) =>
      relation
        .load('cluster')
        .load('plan')
        .load('image')
        .load('suspensions', (suspensions) => suspensions.whereNotNull('open_on'))
        .load('addresses', (addresses) => addresses.orderBy('family').orderBy('id'))
        .load('operations', (operations) => operations.whereNotNull('open_on'))
    )
  }

  /** The operation that is open on it; among those loaded. */
  get openOperation(): Operation | null {
    return this.operations.find(({ isOpen }) => isOpen) ?? null
  }

  /** `wish`, or else with the lowest number behind it that no living instance of the organization has. */
  static async freeName(organization: Organization, wish: string): Promise<string> {
    const stem = wish.replace(/-\d{1,4}$/, '').slice(0, 58)
    const candidates = Array.from({ length: 99 }, (_, index) => `${stem}-${index + 1}`)
    const rows = await organization
      .related('instances')
      .query()
      .whereIn('live_name', [wish, ...candidates])
      .select('live_name')
      .pojo<{ live_name: string }>()
    const taken = new Set(rows.map((row) => row.live_name))
    return (
      [wish, ...candidates].find((name) => !taken.has(name)) ?? `${stem}-${randomInt(100, 100_000)}`
    )
  }

  /** @throws InstanceBusy, NotPossibleNow, InstanceSuspended */
  async power(
    action: PowerAction,
    by: User | null,
    requestKey?: string | null,
    retryOf?: Operation
  ) {
    if (!this.isProvisioned) throw new NotPossibleNow()
    return this.begin(
      { type: 'instance.power', input: { action }, requestedBy: by, requestKey, retryOf },
      async (trx) => {
        if (action === 'start' || action === 'restart') await this.refuseSuspended(trx)
      }
    )
  }

  /**
   * Leaves it so many megabits per second each way; null: what it was sold.
   * @throws NotPossibleNow, InstanceBusy
   */
  async throttle(mbps: number | null, requestKey: string): Promise<Operation> {
    if (!this.isProvisioned) throw new NotPossibleNow()
    return this.begin({
      type: 'instance.throttle',
      input: { mbps },
      requestedBy: null,
      requestKey,
    })
  }

  /**
   * Forwards public ports to it: one order or several, in one operation. The ports are leased at once, so that
   * the refusal comes now and the answer can be shown; they lead somewhere when the operation has succeeded.
   * Taken away again by `forward.remove(by)` or `instance.unforward(forwards, by)`.
   * @throws NoPortPool, NoForwardAddress, PortNotOffered, PortReserved, PortTaken, NoFreePort, PortBeyondLast,
   * TooManyForwards, QuotaExceeded, InstanceBusy, NotPossibleNow
   */
  forward(
    orders: ForwardOrder | ForwardOrder[],
    by: User | null,
    requestKey?: string | null
  ): Promise<Forwarded> {
    return PortForward.order(this, [orders].flat(), by, requestKey)
  }

  /** Takes forwards of it away, in one operation. @throws InstanceBusy, NotPossibleNow when there are none */
  unforward(forwards: PortForward[], by: User | null, requestKey?: string | null) {
    return PortForward.removeAll(this, forwards, by, requestKey)
  }

  /**
   * Keeps its disk as it is now. The place among its snapshots is taken at once, so that the refusal comes now.
   * Brought back by `snapshot.restore(…)`, taken away by `snapshot.remove(…)`.
   * @throws NotPossibleNow, InstanceSuspended, TooManySnapshots, SnapshotNameTaken, QuotaExceeded, InstanceBusy
   */
  snapshot(order: SnapshotOrder): Promise<Snapshotted> {
    return Snapshot.order(this, order)
  }

  /**
   * Packs it into an archive outside its cluster. Handed out by `backup.download(…)`, made into a new instance by
   * `backup.restore(…)`, deleted by `backup.remove(…)`.
   * @throws NotPossibleNow, InstanceSuspended, TooManyBackups, BackupNameTaken, QuotaExceeded, InstanceBusy
   */
  backup(order: BackupOrder): Promise<BackedUp> {
    return Backup.order(this, order)
  }

  /**
   * Removes it and all it holds; what is gone already stays gone. What is suspended for abuse may be evidence: only
   * staff and programs of ours remove that.
   * @throws InstanceBusy, InstanceSuspended
   */
  async destroy(by: User | null, requestKey?: string | null): Promise<Operation> {
    if (this.deletedAt) throw new NotFound()
    return this.begin({ type: 'instance.delete', requestedBy: by, requestKey }, async (trx) => {
      if (by && !by.isStaff) await this.refuseSuspended(trx, 'abuse')
    })
  }

  /**
   * Tries again what ended without success: a new operation with the same input.
   * @throws NotPossibleNow, QuotaExceeded, InstanceBusy, ClusterNotOffered
   */
  async repeat(ended: Operation, by: User): Promise<Operation> {
    if (this.deletedAt) throw new NotPossibleNow()
    switch (ended.type) {
      case 'instance.create':
        return this.orderAgain(ended, by)
      case 'license.issue':
        throw new NotPossibleNow()
      case 'snapshot.create':
      case 'snapshot.restore':
      case 'snapshot.delete':
        return Snapshot.repeat(this, ended, by)
      case 'backup.create':
        return Backup.repeat(this, ended, by)
      case 'port_forward.create':
        return PortForward.orderAgain(this, ended, by)
      case 'instance.power':
        return this.power(ended.input.action as PowerAction, by, null, ended)
      case 'instance.delete':
        return this.begin({ type: ended.type, requestedBy: by, retryOf: ended })
      case 'instance.rescue':
        return this.begin({ type: ended.type, requestedBy: by, retryOf: ended }, (trx) =>
          this.refuseSuspended(trx)
        )
      case 'instance.throttle':
      case 'instance.repair':
      case 'port_forward.delete':
        return this.begin({
          type: ended.type,
          input: ended.input,
          requestedBy: by,
          retryOf: ended,
        })
      case 'instance.suspend':
      case 'instance.unsuspend':
      case 'instance.reset_password':
      case 'instance.reinstall':
      case 'instance.resize':
      case 'instance.rename':
      case 'instance.change_keys':
      case 'instance.adopt':
      case 'instance.recreate':
      case 'instance.move':
      case 'instance.attach_network':
      case 'instance.detach_network':
        throw new NotPossibleNow()
      default: {
        const never: never = ended.type
        return never
      }
    }
  }

  /** The same order once more, after a create was taken back. @throws NotPossibleNow, QuotaExceeded, ClusterNotOffered */
  async orderAgain(failed: Operation, by: User | null): Promise<Operation> {
    if (!this.failedAt) throw new NotPossibleNow()
    const secret = await OneTimeSecret.find(failed.input.secretId as number)
    if (!secret?.isKept) throw new NotPossibleNow()
    const operation = await transaction(async (trx) => {
      await Cluster.holdOpen(this.clusterId, trx)
      const begun = await trx
        .from('instances')
        .where('id', this.id)
        .whereNotNull('failed_at')
        .whereNull('deleted_at')
        .update({ failed_at: null })
      if (affected(begun) === 0) throw new NotPossibleNow()
      await this.takeQuota((failed.input.families as IpFamily[]).length, trx)
      return Operation.open(
        {
          type: 'instance.create',
          instance: this,
          input: failed.input,
          requestedBy: by,
          retryOf: failed,
        },
        trx
      )
    })
    await this.refresh()
    return operation
  }

  /**
   * Opens an operation on it. `prepare` changes rows of ours in the same transaction, while nobody else can, and
   * may add to what the operation is given. Asked twice with one key, done once.
   * @throws InstanceBusy
   */
  async begin(
    order: Omit<OpenOnInstance, 'instance'>,
    prepare?: (trx: TransactionClientContract) => Promise<Record<string, unknown> | void>
  ): Promise<Operation> {
    const earlier = await Operation.ofRequest(this.organizationId, order.requestKey)
    if (earlier) return earlier
    try {
      return await transaction(async (trx) => {
        await this.lock(trx)
        const found = (await prepare?.(trx)) ?? {}
        return Operation.open(
          { ...order, instance: this, input: { ...order.input, ...found } },
          trx
        )
      })
    } catch (error) {
      const twin = await Operation.ofRequest(this.organizationId, order.requestKey)
      if (twin) return twin
      throw error
    }
  }

  async lock(trx: TransactionClientContract): Promise<void> {
    await trx.from('instances').where('id', this.id).forUpdate().select('id')
  }

  /** Stops it for a reason, until that reason is lifted. @throws NotPossibleNow, InstanceBusy */
  suspend(reason: SuspensionReason, order: SuspensionOrder): Promise<Suspended> {
    return Suspension.impose(this, reason, order)
  }

  /** @throws NotSuspended, InstanceBusy */
  unsuspend(reason: SuspensionReason, order: Omit<SuspensionOrder, 'note'>): Promise<Suspended> {
    return Suspension.lift(this, reason, order)
  }

  /** Asked of the rows, so that it holds until the transaction ends. @throws InstanceSuspended */
  async refuseSuspended(trx: TransactionClientContract, reason?: SuspensionReason): Promise<void> {
    const open = await Suspension.query({ client: trx })
      .where('instance_id', this.id)
      .whereNotNull('open_on')
      .if(reason, (query) => query.where('reason', reason!))
      .first()
    if (open) throw new InstanceSuspended({ reason: open.reason })
  }

  /**
   * Builds it anew from another image, or the same: it keeps addresses, MAC address and port forwards.
   * @throws ImageNotOffered, ClusterCannot, InstanceSuspended, InstanceBusy, NotPossibleNow
   */
  reinstall(order: ReinstallOrder): Promise<Operation> {
    return reinstall(this, order)
  }

  /**
   * Another plan, or a size of its own; all limits are copied from it.
   * @throws PlanNotOffered, DiskCannotShrink, QuotaExceeded, NoCapacity, InstanceBusy, NotPossibleNow
   */
  resize(order: ResizeOrder): Promise<Operation> {
    return resize(this, order)
  }

  /**
   * To another node of its cluster, with all it has; stopped meanwhile.
   * @throws ClusterCannot, NodeNotOffered, NoRoomOnNode, InstanceBusy, NotPossibleNow
   */
  move(order: MoveOrder): Promise<Operation> {
    return move(this, order)
  }

  /**
   * Into a further network of its cluster. Unplugged again by `interface.detach(…)`.
   * @throws ClusterCannot, NetworkNotOffered, TooManyInterfaces, QuotaExceeded, InstanceSuspended, InstanceBusy,
   * NotPossibleNow
   */
  attachNetwork(order: AttachOrder): Promise<Operation> {
    return Interface.attach(this, order)
  }

  /** After a start that failed. @throws InstanceSuspended, InstanceBusy, NotPossibleNow */
  rescue(order: DeedOrder): Promise<Operation> {
    return rescue(this, order)
  }

  /** @throws NameTaken, InstanceBusy, NotPossibleNow */
  rename(order: RenameOrder): Promise<Operation | null> {
    return rename(this, order)
  }

  /** @throws TooManyKeys, ClusterCannot, InstanceSuspended, InstanceBusy, NotPossibleNow */
  changeKeys(order: KeysOrder): Promise<Operation | null> {
    return InstanceKey.change(this, order)
  }

  /**
   * A new root password; left out, one is made up and shown once.
   * @throws NotPossibleNow, InstanceNotRunning, InstanceSuspended, InstanceBusy
   */
  resetPassword(order: { password?: string | null } & DeedOrder): Promise<Operation> {
    if (!this.isProvisioned) throw new NotPossibleNow()
    if (this.powerState !== 'running') throw new InstanceNotRunning()
    const { by, requestKey } = order
    return this.begin(
      { type: 'instance.reset_password', requestedBy: by, requestKey },
      async (trx) => {
        await this.refuseSuspended(trx)
        const password = order.password ?? OneTimeSecret.newPassword()
        const isOwn = typeof order.password === 'string'
        const secret = await OneTimeSecret.keep(this, password, { isOwn }, trx)
        return { secretId: secret.id }
      }
    )
  }

  /**
   * Hands the root password out, once; null when it was handed out before, has expired, or was chosen by its
   * owner.
   */
  async revealRootPassword(): Promise<string | null> {
    const secret = await OneTimeSecret.readableOf(this)
    const password = this.isProvisioned && secret ? await secret.reveal() : null
    if (password !== null) {
      await AuditEvent.record({
        action: 'instance.password_revealed',
        organizationId: this.organizationId,
        subject: this.auditSubject,
      })
    }
    return password
  }

  get auditSubject() {
    return { kind: 'instance', uid: this.uid, label: this.name }
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

  /** By one that is open; among those loaded. */
  get isSuspended(): boolean {
    return this.suspensions.some(({ openOn }) => openOn !== null)
  }

  get isProvisioned(): boolean {
    return this.provisionedAt !== null && this.deletedAt === null
  }

  /** What the cluster shall give it: what was sold, less what its traffic took away. */
  get size(): Size {
    return this.sizeAt(this.throttledMbps)
  }

  /** `throttledMbps` null: all that was sold. */
  sizeAt(throttledMbps: number | null): Size {
    return sizeOf(this, throttledMbps)
  }

  /** `open`: the operation that is open on it, if any. It tells more than that the instance is suspended. */
  static status(
    phase: InstancePhase | null,
    open: Pick<OpenOperationRow, 'type' | 'state' | 'input'> | null,
    isSuspended: boolean
  ): InstanceStatus {
    if (!phase) return 'deleted'
    if (!open) return isSuspended ? 'suspended' : phase
    if (open.state === 'needs_attention' || open.state === 'compensating') return open.state
    switch (open.type) {
      case 'instance.create':
      case 'instance.recreate':
        return 'creating'
      case 'instance.delete':
        return 'deleting'
      case 'instance.suspend':
      case 'instance.unsuspend':
      case 'instance.reset_password':
      case 'instance.reinstall':
      case 'instance.resize':
      case 'snapshot.restore':
      case 'instance.adopt':
      case 'instance.repair':
      case 'instance.move':
        return 'working'
      case 'instance.rescue':
        return 'starting'
      case 'instance.power':
        return POWER_STATUSES[open.input.action as PowerAction]
      case 'instance.throttle':
      case 'instance.rename':
      case 'instance.change_keys':
      case 'instance.attach_network':
      case 'instance.detach_network':
      case 'license.issue':
      case 'port_forward.create':
      case 'port_forward.delete':
      case 'snapshot.create':
      case 'snapshot.delete':
      case 'backup.create':
        return phase
      default: {
        const never: never = open.type
        return never
      }
    }
  }
}
