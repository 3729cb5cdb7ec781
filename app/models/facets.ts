import type { Facet } from '#drivers/contract'
import { ClusterCannot } from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import type Instance from '#models/instance'

/** @throws ClusterCannot */
export async function requireFacet({ clusterId }: Instance, facet: Facet): Promise<void> {
  const cluster = await Cluster.findOrFail(clusterId)
  const facets = await cluster.facets()
  if (!facets.has(facet)) throw new ClusterCannot()
}
