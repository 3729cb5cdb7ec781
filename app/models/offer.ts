import db from '@adonisjs/lucid/services/db'
import { byNetwork, familiesTogether } from '#addressing/networks'
import { figuresGoodForMs } from '#config/offer'
import type { IpFamily } from '#drivers/contract'
import {
  ClusterNotOffered,
  ImageNotOffered,
  NoCapacity,
  NoFreeAddress,
  PlanNotOffered,
} from '#exceptions/domain_error'
import AddressPool from '#models/address_pool'
import Cluster from '#models/cluster'
import Image from '#models/image'
import type Organization from '#models/organization'
import Plan from '#models/plan'
import { fitsOn, roomIn, type NodeRoom } from '#models/room'
import type { FreeSize } from '#models/instance'
import type { QuotaResource } from '#models/types'
import { Recent } from '#services/recent'

/** How many addresses are asked for: one of each family there is, or of one family only. */
export const NETWORK_CHOICES = ['all', 'ipv4', 'ipv6'] as const
export type NetworkChoice = (typeof NETWORK_CHOICES)[number]

/** What a person reads as one image, though each cluster has its own copy. */
export type OfferedImage = {
  title: string
  kind: Image['kind']
  os: string | null
  copies: Image[]
}

export type OfferedPlan = {
  plan: Plan
  clusterIds: number[]
  /** The quotas that it would exceed. */
  exceeds: QuotaResource[]
}

export type OfferedCluster = {
  cluster: Cluster
  rooms: NodeRoom[]
  pools: OpenPool[]
}

type OpenPool = {
  clusterId: number
  network: string
  family: IpFamily
  cidr: string
  free: bigint
}

export type QuotaRow = { resource: QuotaResource; maximum: number | null; used: number }

export type Wish = {
  image: string
  /** The uid of a plan, or a size of its own. */
  plan: string | FreeSize
  /** Left out, Portico chooses where most room is. */
  cluster: string | null
  network: NetworkChoice
}

export type Choice<Size = Plan> = { image: Image; plan: Size; families: IpFamily[] }

/** What may be chosen from, where not all that is offered. */
export type OfferBounds = { clusterIds: number[] | null; planIds: number[] | null }

/** Both count everything that was ever sold and still lives. */
const RECENT_ROOMS = new Recent<NodeRoom[]>(figuresGoodForMs)
const RECENT_POOLS = new Recent<OpenPool[]>(figuresGoodForMs)

/** All that an organization may order at this moment: images, plans, where, and how much is left. */
export class Offer {
  private constructor(
    readonly images: OfferedImage[],
    readonly plans: OfferedPlan[],
    readonly clusters: OfferedCluster[],
    readonly quotas: QuotaRow[]
  ) {}

  static async of(organization: Organization, bounds?: OfferBounds): Promise<Offer> {
    const open = await Cluster.present().whereNull('closed_at').orderBy('name')
    const clusters = open.filter(
      ({ id, setupStep }) => setupStep === null && (bounds?.clusterIds?.includes(id) ?? true)
    )
    const ids = clusters.map(({ id }) => id)
    const [images, plans, offeredIn, rooms, pools, quotas] = await Promise.all([
      Image.query()
        .whereIn('cluster_id', ids)
        .whereNotNull('offered_at')
        .whereNull('missing_since')
        .orderBy('os')
        .orderBy('title')
        .orderBy('id'),
      Plan.query()
        .whereNull('archived_at')
        .if(bounds?.planIds, (query) => query.whereIn('id', bounds!.planIds!))
        .orderBy('position')
        .orderBy('id'),
      db.from('cluster_plans').whereIn('cluster_id', ids).select('cluster_id', 'plan_id'),
      RECENT_ROOMS.of(ids.join(), () => roomIn(clusters)),
      RECENT_POOLS.of(ids.join(), () => openPools(ids)),
      db
        .from('quotas')
        .where('organization_id', organization.id)
        .select('resource', 'maximum', 'used'),
    ])
    return new Offer(
      grouped(images),
      plans
        .map((plan) => ({
          plan,
          clusterIds: offeredIn.filter((row) => row.plan_id === plan.id).map((r) => r.cluster_id),
          exceeds: exceeded(quotas, plan),
        }))
        .filter(({ clusterIds }) => clusterIds.length > 0),
      clusters.map((cluster) => ({
        cluster,
        rooms: rooms.filter(({ clusterId }) => clusterId === cluster.id),
        pools: pools.filter(({ clusterId }) => clusterId === cluster.id),
      })),
      quotas
    )
  }

  /** What an instance of the first image could be called. */
  get suggestedName(): string {
    const words = (this.images[0]?.os ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    return `${words.replaceAll(/^[^a-z]+|-$/g, '').slice(0, 40) || 'instance'}-1`
  }

  /** How many more of this plan a cluster takes. */
  fits({ rooms }: OfferedCluster, plan: FreeSize): number {
    return rooms.reduce((sum, room) => sum + fitsOn(room, plan), 0)
  }

  /** Where both are offered, roomiest first. */
  whereFor(
    image: OfferedImage,
    { plan, clusterIds }: { plan: FreeSize; clusterIds: number[] }
  ): OfferedCluster[] {
    return this.clusters
      .filter(
        ({ cluster }) =>
          clusterIds.includes(cluster.id) &&
          image.copies.some((copy) => copy.clusterId === cluster.id)
      )
      .sort((a, b) => this.fits(b, plan) - this.fits(a, plan))
  }

  /**
   * Turns what a person picked into what can be ordered.
   * @throws ImageNotOffered, PlanNotOffered, ClusterNotOffered, NoCapacity, NoFreeAddress
   */
  choose(wish: Wish & { plan: string }): Choice
  choose(wish: Wish): Choice<Plan | FreeSize>
  choose(wish: Wish): Choice<Plan | FreeSize> {
    const image = this.images.find(({ copies }) => copies.some(({ uid }) => uid === wish.image))
    if (!image) throw new ImageNotOffered()
    const plan = this.sold(wish.plan)
    if (!plan || plan.plan.kind !== image.kind) throw new PlanNotOffered()
    const places = this.whereFor(image, plan)
    const wanted = wish.cluster
      ? places.filter(({ cluster }) => cluster.uid === wish.cluster)
      : places
    if (wanted.length === 0) throw new ClusterNotOffered()
    const roomy = wanted.filter((place) => this.fits(place, plan.plan) > 0)
    if (roomy.length === 0) throw new NoCapacity()
    const place = roomy.find((candidate) => hasFree(candidate, wish.network))
    if (!place) throw new NoFreeAddress({ pool: roomy[0]!.cluster.name })
    return {
      image: image.copies.find(({ clusterId }) => clusterId === place.cluster.id)!,
      plan: plan.plan,
      families: familiesOf(place, wish.network),
    }
  }

  private sold(wanted: string | FreeSize) {
    if (typeof wanted === 'string') return this.plans.find(({ plan }) => plan.uid === wanted)
    // Where anything of this kind is sold.
    const selling = this.plans.filter(({ plan }) => plan.kind === wanted.kind)
    return { plan: wanted, clusterIds: [...new Set(selling.flatMap((sold) => sold.clusterIds))] }
  }
}

/** The families that this choice means in a cluster, on one network; none when there is no pool of what is wanted. */
export function familiesOf({ pools }: OfferedCluster, network: NetworkChoice): IpFamily[] {
  const there = [...new Set(pools.map(({ family }) => family))]
  switch (network) {
    case 'all':
      return familiesTogether(pools)
    case 'ipv4':
      return there.filter((family) => family === 4)
    case 'ipv6':
      return there.filter((family) => family === 6)
    default: {
      const never: never = network
      return never
    }
  }
}

function hasFree(place: OfferedCluster, network: NetworkChoice): boolean {
  const families = familiesOf(place, network)
  return (
    families.length > 0 &&
    byNetwork(place.pools).some((pools) =>
      families.every((wanted) => pools.some(({ family, free }) => family === wanted && free > 0n))
    )
  )
}

function grouped(images: Image[]): OfferedImage[] {
  const groups = new Map<string, OfferedImage>()
  for (const image of images) {
    const title = image.title ?? image.name
    const key = `${image.kind} ${title.toLowerCase()}`
    const group = groups.get(key) ?? { title, kind: image.kind, os: image.os, copies: [] }
    group.copies.push(image)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function exceeded(quotas: QuotaRow[], plan: Plan): QuotaResource[] {
  const wanted: Partial<Record<QuotaResource, number>> = {
    instances: 1,
    cpus: plan.cpus,
    memory_mib: plan.memoryMib,
    disk_gib: plan.diskGib,
  }
  return quotas
    .filter(
      ({ resource, maximum, used }) => maximum !== null && used + (wanted[resource] ?? 0) > maximum
    )
    .filter(({ resource }) => wanted[resource] !== undefined)
    .map(({ resource }) => resource)
}

async function openPools(clusterIds: number[]): Promise<OpenPool[]> {
  const pools = await AddressPool.forNew(clusterIds)
  const usage = await AddressPool.usageOf(pools)
  return pools.map(({ id, clusterId, network, family, cidr }) => {
    const { total, leased } = usage.get(id)!
    return { clusterId, network, family, cidr, free: total - BigInt(leased) }
  })
}
