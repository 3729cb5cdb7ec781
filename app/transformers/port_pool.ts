import { countPorts } from '#addressing/ports'
import type ClusterForwarder from '#models/cluster_forwarder'
import type PortPool from '#models/port_pool'
import type { PortPoolUsage } from '#models/port_pool'
import { clusterPath } from '#transformers/cluster'

export const portPoolPath = ({ uid }: Pick<PortPool, 'uid'>): string => `/admin/port-pools/${uid}`

/** One line of the list; `cluster` is loaded. */
export function portPoolRow(pool: PortPool, { total, leased }: PortPoolUsage) {
  return {
    uid: pool.uid,
    path: portPoolPath(pool),
    name: pool.name,
    address: pool.address,
    listenAddress: pool.listenAddress,
    state: pool.isOpen ? 'available' : 'closed',
    isClosed: !pool.isOpen,
    leased,
    total,
    free: Math.max(0, total - leased),
    percent: total > 0 ? Math.round((leased / total) * 100) : null,
    cluster: { name: pool.cluster.name, path: clusterPath(pool.cluster) },
  }
}

/** A pool's page and its form. */
export function portPoolPage(pool: PortPool, usage: PortPoolUsage) {
  return {
    ...portPoolRow(pool, usage),
    ports: pool.ports,
    reserved: pool.reserved,
    portCount: countPorts(pool.leasable),
    reservedCount: countPorts(pool.reservedRanges),
  }
}

/** How a cluster carries forwards, for its form. Nothing secret is among it. */
export function forwarderPage(forwarder: ClusterForwarder) {
  const { cluster } = forwarder
  return {
    path: clusterPath(cluster, 'forwarder'),
    cluster: { name: cluster.name, path: clusterPath(cluster), uid: cluster.uid },
    kinds: [...forwarder.kinds],
    kind: forwarder.kind,
    publicAddress: forwarder.publicAddress,
    listenInterface: forwarder.listenInterface,
    masquerade: forwarder.masquerade,
    place: forwarder.ssh ? 'ssh' : 'here',
    ssh: forwarder.ssh,
    router: forwarder.router,
    publicKey: forwarder.sshPublicKey,
    isChosen: forwarder.$isPersisted,
    problems: forwarder.problems,
    errorKind: forwarder.errorKind,
    error: forwarder.error,
    reconciledAt: forwarder.reconciledAt,
    sudoers: `${forwarder.sshUser ?? 'portico'} ALL=(root) NOPASSWD: ${PROGRAMS.join(', ')}`,
  }
}

const PROGRAMS = ['iptables', 'ip6tables'].flatMap((name) => [
  `/usr/sbin/${name}-save`,
  `/usr/sbin/${name}-restore`,
])
