import type Organization from '#models/organization'
import type Plan from '#models/plan'
import type { QuotaResource } from '#models/types'
import { familiesOf, NETWORK_CHOICES, type Offer, type OfferedPlan } from '#models/offer'

/** The page on which an instance is put together; also what its script needs to tell what goes with what. */
export function offerPage(offer: Offer, organization: Organization, name: string) {
  const home = `/o/${organization.slug}`
  const plans = offer.plans.map((offered) => planCard(offer, offered))
  const possible = plans.find(({ exceeds, fits }) => exceeds.length === 0 && fits > 0)
  return {
    path: `${home}/instances`,
    settingsPath: `${home}/settings`,
    name,
    images: offer.images.map((image) => ({
      uid: image.copies[0]!.uid,
      title: image.title,
      kind: image.kind,
      sizeMib: Math.max(...image.copies.map(({ sizeMib }) => sizeMib)),
      architecture: image.copies[0]!.architecture,
      clusters: offer.clusters
        .filter(({ cluster }) => image.copies.some(({ clusterId }) => clusterId === cluster.id))
        .map(({ cluster }) => cluster.uid),
    })),
    plans,
    chosen: {
      image: offer.images.find(({ kind }) => kind === (possible ?? plans[0])?.kind)?.copies[0]!.uid,
      plan: (possible ?? plans[0])?.uid,
    },
    clusters: offer.clusters.map((offered) => ({
      uid: offered.cluster.uid,
      name: offered.cluster.name,
      isSilent: offered.cluster.status === 'offline',
      networks: NETWORK_CHOICES.filter((choice) => familiesOf(offered, choice).length > 0),
      cidrs: offered.pools.map(({ cidr }) => cidr),
      isOutOfAddresses: offered.pools.every(({ free }) => free <= 0n),
      fits: Object.fromEntries(
        offer.plans.map(({ plan }) => [plan.uid, Math.min(offer.fits(offered, plan), 999)])
      ),
    })),
    quotas: IN_SUMMARY.flatMap((resource) => {
      const quota = offer.quotas.find((row) => row.resource === resource)
      return quota ? [{ resource, maximum: quota.maximum, used: quota.used }] : []
    }),
    networks: NETWORK_CHOICES.filter((choice) =>
      offer.clusters.some((offered) => familiesOf(offered, choice).length > 0)
    ),
    isPossible: possible !== undefined,
  }
}

const IN_SUMMARY: QuotaResource[] = ['instances', 'cpus', 'memory_mib', 'disk_gib']

function planCard(offer: Offer, { plan, clusterIds, exceeds }: OfferedPlan) {
  const places = offer.clusters.filter(({ cluster }) => clusterIds.includes(cluster.id))
  return {
    uid: plan.uid,
    name: plan.name,
    description: plan.description,
    kind: plan.kind,
    ...sizeOf(plan),
    exceeds,
    clusters: places.map(({ cluster }) => cluster.uid),
    fits: places.reduce((sum, place) => sum + offer.fits(place, plan), 0),
  }
}

function sizeOf(plan: Plan) {
  return {
    cpus: plan.cpus,
    memoryMib: plan.memoryMib,
    diskGib: plan.diskGib,
    egressMbps: plan.egressMbps,
    trafficGib: plan.trafficGib,
    snapshotLimit: plan.snapshotLimit,
    portForwardLimit: plan.portForwardLimit,
  }
}
