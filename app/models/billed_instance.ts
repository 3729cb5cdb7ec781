import { createHmac } from 'node:crypto'
import { orderDigestKey } from '#config/billing'
import {
  BillingReferenceTaken,
  ImageNotOffered,
  InstanceBusy,
  NotFound,
} from '#exceptions/domain_error'
import { freeSize, isSameSize, type BilledSize } from '#models/billed_size'
import { billedRows, type BilledRow } from '#models/billed_row'
import BillingKey from '#models/billing_key'
import Instance, { type Ordered } from '#models/instance'
import { Offer, type OfferedImage } from '#models/offer'
import OneTimeSecret from '#models/one_time_secret'
import Operation from '#models/operation'
import { imagesFor } from '#models/reinstallation'
import TrafficMonth from '#models/traffic_month'
import { isUniqueViolation } from '#models/concerns/database_errors'
import type { OperationType } from '#models/types'

export type BilledOrder = BilledSize & {
  reference: string
  rootPassword: string | null
  /** Name or title; null: the first that is offered. */
  image: string | null
}

/**
 * Instances as a billing system knows them: by the name it chose. It sends no request keys, and repeats what it
 * got no answer to: among the living the reference is unique, and an order that comes again is answered with
 * what the first became.
 */
export const BilledInstance = {
  /** All that live, by name. */
  all(key: BillingKey): Promise<BilledRow[]> {
    return billedRows(reachedBy(key).whereNotNull('instances.live_billing_reference'))
  },

  /** What the billing system is told of it, in one statement. @throws NotFound */
  async info(key: BillingKey, reference: string): Promise<BilledRow> {
    const [row] = await billedRows(
      reachedBy(key).where('instances.live_billing_reference', reference)
    )
    if (!row) throw new NotFound()
    return row
  },

  /** The month that goes on. */
  async loadTraffic(instance: Instance): Promise<void> {
    await instance.load('cluster')
    instance.traffic = await TrafficMonth.current(instance)
  },

  /** All that the pages of a plugin tell of it. */
  async loadForDetails(instance: Instance): Promise<void> {
    await BilledInstance.loadTraffic(instance)
    await instance.load((relation) =>
      relation
        .load('image')
        .load('suspensions', (suspensions) => suspensions.whereNotNull('open_on'))
        .load('addresses', (addresses) => addresses.preload('addressPool').orderBy('id'))
        .load('operations', (operations) => operations.whereNotNull('open_on'))
        .load('portForwards', (forwards) => forwards.whereNotNull('ssh_of_id'))
    )
    instance.facets = await instance.cluster.facets()
  },

  /**
   * Builds it anew from what the billing system calls that image; asked again while it is under way, that is
   * the answer.
   * @throws ImageNotOffered, and all that Instance.reinstall throws
   */
  async reinstall(
    instance: Instance,
    { image: wanted, password }: { image: string; password: string | null }
  ): Promise<Operation> {
    const images = await imagesFor(instance)
    const image = images.find(({ title, name, uid }) =>
      [title, name, uid].some((known) => known && bare(known) === bare(wanted))
    )
    if (!image) throw new ImageNotOffered()
    return BilledInstance.ensure(instance, 'instance.reinstall', () =>
      instance.reinstall({ image, password, by: null })
    )
  },

  /** How a deed on one of them stands, also one that is deleted by now. @throws NotFound */
  async task(key: BillingKey, uid: string): Promise<Operation> {
    const operation = await Operation.query()
      .where({ organizationId: key.organizationId, uid })
      .whereIn('instance_id', (own) =>
        own
          .from('instances')
          .where('organization_id', key.organizationId)
          .whereNotNull('billing_reference')
          .if(key.clusterIds, (query) => query.whereIn('cluster_id', key.clusterIds!))
          .select('id')
      )
      .first()
    if (!operation) throw new NotFound()
    return operation
  },

  /** What a plugin stores with the customer's product: addresses, and the port that leads to SSH. */
  async loadForAccess(instance: Instance): Promise<void> {
    await instance.load((relation) =>
      relation
        .load('addresses')
        .load('portForwards', (forwards) => forwards.whereNotNull('ssh_of_id'))
    )
  },

  /** @throws NotFound also for one of another organization, or in a cluster that the key is not bound to */
  async of(key: BillingKey, reference: string): Promise<Instance> {
    const instance = await BilledInstance.find(key, reference)
    if (!instance) throw new NotFound()
    return instance
  },

  find(key: BillingKey, reference: string): Promise<Instance | null> {
    return reachedBy(key).where('live_billing_reference', reference).first()
  },

  /**
   * @throws BillingReferenceTaken when another order goes by that reference, and all that Instance.order and
   * Offer.choose throw
   */
  async order(key: BillingKey, order: BilledOrder): Promise<Ordered> {
    const fingerprint = fingerprintOf(order)
    const earlier = await ofReference(key.organizationId, order.reference)
    if (earlier) return repeated(key, earlier, fingerprint)
    const { organization } = key
    const choice = await chosen(key, order)
    const place = (name: string) =>
      Instance.order(organization, {
        ...choice,
        name,
        rootPassword: order.rootPassword ?? OneTimeSecret.newPassword(),
        isPasswordKnown: order.rootPassword !== null,
        sshKeys: [],
        requestedBy: null,
        billing: { reference: order.reference, fingerprint },
      })
    try {
      return await place(order.reference)
    } catch (error) {
      if (!isUniqueViolation((error as Error).cause)) throw error
      // Either this very order came twice at once, or something else of the organization is called so.
      const twin = await ofReference(key.organizationId, order.reference)
      if (twin) return repeated(key, twin, fingerprint)
      return place(await Instance.freeName(organization, order.reference))
    }
  },

  /**
   * Begins a deed; asked again while the very same one is under way, that one is the answer.
   * @throws InstanceBusy when something else is
   */
  async ensure<Begun extends Operation | null>(
    instance: Instance,
    type: OperationType,
    begin: () => Promise<Begun>,
    input: Record<string, unknown> = {}
  ): Promise<Begun | Operation> {
    try {
      return await begin()
    } catch (error) {
      if (!(error instanceof InstanceBusy)) throw error
      const open = await Operation.query()
        .where({ instanceId: instance.id, type })
        .whereNotNull('open_on')
        .first()
      const isSame =
        open && Object.entries(input).every(([name, value]) => open.input[name] === value)
      if (!isSame) throw error
      return open
    }
  },
}

/** Of the key's organization, in the clusters it is bound to. */
function reachedBy({ organizationId, clusterIds }: BillingKey) {
  return Instance.query()
    .where('instances.organization_id', organizationId)
    .if(clusterIds, (query) => query.whereIn('instances.cluster_id', clusterIds!))
}

function ofReference(organizationId: number, reference: string): Promise<Instance | null> {
  return Instance.query().where({ organizationId, liveBillingReference: reference }).first()
}

/** An order that failed and was taken back is tried again: the customer has paid. */
async function repeated(
  { clusterIds }: BillingKey,
  instance: Instance,
  fingerprint: string
): Promise<Ordered> {
  const isReached = clusterIds?.includes(instance.clusterId) ?? true
  if (!isReached || instance.billingFingerprint !== fingerprint) throw new BillingReferenceTaken()
  const created = await Operation.query()
    .where({ instanceId: instance.id, type: 'instance.create' })
    .orderBy('id', 'desc')
    .firstOrFail()
  const operation = instance.failedAt ? await instance.orderAgain(created, null) : created
  return { instance, operation }
}

/** A plan that is just so big, else the size itself where the key may order such. */
async function chosen(key: BillingKey, order: BilledOrder) {
  const offer = await Offer.of(key.organization, await BillingKey.boundsOf(key))
  const image = imageOf(offer, order.image)
  const size = freeSize(image.kind, order)
  const same = offer.plans.find(({ plan }) => isSameSize(plan, size))
  const wish = { image: image.copies[0]!.uid, cluster: null, network: 'all' } as const
  if (same) return offer.choose({ ...wish, plan: same.plan.uid })
  return offer.choose({ ...wish, plan: key.allowsFreeSizes ? size : '' })
}

function imageOf({ images }: Offer, wanted: string | null): OfferedImage {
  const image = wanted
    ? images.find((offered) =>
        [offered.title, ...offered.copies.flatMap(({ name, uid }) => [name, uid])].some(
          (name) => bare(name) === bare(wanted)
        )
      )
    : images[0]
  if (!image) throw new ImageNotOffered()
  return image
}

/** `Debian 12`, `debian/12` and `debian12` are one. */
function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** The password is part of the order; keyed, so that the digest says nothing about it. */
function fingerprintOf(order: BilledOrder): string {
  return createHmac('sha256', orderDigestKey).update(JSON.stringify(order)).digest('hex')
}
