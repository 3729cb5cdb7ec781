import type Image from '#models/image'
import type Instance from '#models/instance'
import type InstanceKey from '#models/instance_key'
import type Organization from '#models/organization'
import type { SizeChoice } from '#models/resize'
import { failedStart } from '#models/rescue'
import type Transfer from '#models/transfer'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { powerRefusal, refusal } from '#transformers/instance_refusals'
import { operationItem } from '#transformers/operation'

/** The page on which an instance gets another plan. Needs `Instance.forPage`. */
export function resizePage(instance: Instance, choices: SizeChoice[], onlooker: Onlooker) {
  const frame = instanceFrame(instance, onlooker, null)
  return {
    frame,
    action: `${frame.path}/plan`,
    refusal: resizeRefusal(instance, onlooker),
    /** A plan that is no longer sold, or a size of its own, is not among the choices. */
    isListed: choices.some(({ refusal: why }) => why === 'current'),
    current: sizeOf(instance),
    plans: choices.map(({ plan, refusal: why }) => ({
      uid: plan.uid,
      name: plan.name,
      description: plan.description,
      ...sizeOf(plan),
      refusal: why,
    })),
  }
}

export function reinstallationPage(
  instance: Instance,
  images: Image[],
  keys: InstanceKey[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, null)
  return {
    frame,
    action: `${frame.path}/reinstallation`,
    refusal: reinstallRefusal(instance, onlooker),
    images: images.map(({ id, uid, label, sizeMib, architecture }) => ({
      uid,
      title: label,
      sizeMib,
      architecture,
      isCurrent: id === instance.imageId,
    })),
    keyCount: keys.length,
    diskGib: instance.diskGib,
    macAddress: instance.macAddress,
    addresses: instance.addresses.map(({ family, address }) => ({ family, address })),
    forwards: instance.portForwards.map(({ publicAddress, protocol }) => ({
      address: publicAddress,
      protocol: protocol.toUpperCase(),
    })),
  }
}

/** `log`: what the cluster says of the last start; null: nothing. */
export function rescuePage(instance: Instance, log: string[] | null, onlooker: Onlooker) {
  const frame = instanceFrame(instance, onlooker, null)
  const failed = failedStart(instance)
  return {
    frame,
    action: `${frame.path}/rescue`,
    refusal: powerRefusal(instance, onlooker.membership, 'start'),
    log: log ?? [],
    failed: failed ? operationItem(failed, instance.name, onlooker.home) : null,
    reinstall: reinstallRefusal(instance, onlooker),
    snapshots: instance.facets.has('snapshots') ? `${frame.path}/snapshots` : null,
  }
}

export function transferPage(instance: Instance, open: Transfer | null, onlooker: Onlooker) {
  const frame = instanceFrame(instance, onlooker, null)
  return {
    frame,
    action: `${frame.path}/transfer`,
    refusal: transferRefusal(instance, onlooker),
    open: open ? { to: open.to.name, slug: open.to.slug, expiresAt: open.expiresAt } : null,
  }
}

/** What the receiver decides on. */
export function offeredPage(transfer: Transfer, { slug }: Organization) {
  return {
    ...offeredItem(transfer, `/o/${slug}`),
    listPath: `/o/${slug}/instances`,
    isOpen: transfer.isOpen,
    offeredBy: transfer.offeredBy?.displayName ?? null,
    plan: transfer.instance.plan?.name ?? null,
    cluster: transfer.instance.cluster.name,
    ...sizeOf(transfer.instance),
  }
}

/** One line of what waits. */
export function offeredItem({ uid, from, instance, expiresAt }: Transfer, home: string) {
  return {
    path: `${home}/transfers/${uid}`,
    from: from.name,
    name: instance.name,
    expiresAt,
  }
}

export const resizeRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, { role: 'admin', at: 'made', evenSuspended: true })

/** One that its cluster lost is made anew by it, too. */
export const reinstallRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, {
    role: 'admin',
    at: 'made',
    facet: 'replacement',
    evenMissing: true,
  })

export const transferRefusal = (instance: Instance, { membership }: Onlooker) =>
  refusal(instance, membership, { role: 'admin', at: 'made' })

function sizeOf(
  sold: Pick<Instance, 'cpus' | 'memoryMib' | 'diskGib' | 'egressMbps' | 'trafficGib'>
) {
  const { cpus, memoryMib, diskGib, egressMbps, trafficGib } = sold
  return { cpus, memoryMib, diskGib, egressMbps, trafficGib }
}
