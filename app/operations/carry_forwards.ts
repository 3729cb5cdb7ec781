import type Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import type Instance from '#models/instance'
import PortForward from '#models/port_forward'

/** Of the instance, those of these ids that are still there; all when none are named. */
async function forwardsOf(instance: Instance, ids?: number[]): Promise<PortForward[]> {
  const forwards = await PortForward.ofInstance(instance)
  return ids ? forwards.filter(({ id }) => ids.includes(id)) : forwards
}

/** Has forwards of an instance carried. What is already there as it should be costs a look. */
export async function carryForwards(
  { instance, cluster }: { instance: Instance; cluster: Cluster },
  ids?: number[]
): Promise<void> {
  const wanted = PortForward.toCarry(await forwardsOf(instance, ids))
  if (wanted.length === 0) return
  const by = await ClusterForwarder.of(cluster)
  await by.use((forwarder) => forwarder.ensure(wanted))
}

/** Has them carried no longer; their ports stay leased until their rows are released. */
export async function dropForwards(
  { instance, cluster }: { instance: Instance; cluster: Cluster },
  ids?: number[]
): Promise<void> {
  const forwards = await forwardsOf(instance, ids)
  if (forwards.length === 0) return
  const by = await ClusterForwarder.of(cluster)
  await by.use((forwarder) =>
    forwarder.remove(forwards.map(({ uid }) => ({ ref: uid, instance: instance.ref })))
  )
}
