import type Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import PortPool from '#models/port_pool'
import type { IkuaiRouter } from '#tests/support/simulators/ikuai'

/** Of the router's first line. */
export const OUTSIDE = '203.0.113.7'

/** The cluster's forwards are carried by this router from now on, from a pool of a hundred ports. */
export async function carriedBy(cluster: Cluster, router: IkuaiRouter): Promise<ClusterForwarder> {
  const { endpoint, tlsFingerprint, username, password, token } = router.access()
  const forwarder = await ClusterForwarder.of(cluster)
  await forwarder.choose({
    kind: 'ikuai',
    publicAddress: OUTSIDE,
    listenInterface: 'wan1',
    masquerade: false,
    ssh: null,
    router: { endpoint, tlsFingerprint, username },
  })
  await forwarder.keepRouterSecret((password ?? token)!)
  await PortPool.define(cluster, {
    name: 'outside',
    family: 4,
    address: OUTSIDE,
    listenAddress: null,
    ports: [{ first: 20_000, last: 20_099 }],
    reserved: [],
  })
  return forwarder
}
