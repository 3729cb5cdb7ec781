import { ImageNotOffered, NotPossibleNow } from '#exceptions/domain_error'
import { requireFacet } from '#models/facets'
import Image from '#models/image'
import type Instance from '#models/instance'
import type { DeedOrder } from '#models/instance'
import InstanceKey from '#models/instance_key'
import { isNumber } from '#models/instance_number'
import OneTimeSecret from '#models/one_time_secret'
import type Operation from '#models/operation'
import PortForward from '#models/port_forward'

export type ReinstallOrder = DeedOrder & {
  image: Image
  /** Left out, one is made up and shown once. */
  password?: string | null
  /** Besides those it has. */
  sshKeys?: string[]
}

/** From what an instance can be built anew: what is on offer in its cluster for its kind. */
export function imagesFor({ clusterId, kind }: Instance): Promise<Image[]> {
  return Image.query()
    .where({ clusterId, kind })
    .whereNotNull('offered_at')
    .whereNull('missing_since')
    .orderBy('os')
    .orderBy('title')
    .orderBy('id')
    .exec()
}

/**
 * Builds an instance anew from an image. It keeps its addresses, its MAC address and its port forwards; what was on
 * its disk goes when the new one runs.
 * @throws ImageNotOffered, ClusterCannot, InstanceSuspended, InstanceBusy, NotPossibleNow
 */
export async function reinstall(
  instance: Instance,
  { image, by, requestKey, ...order }: ReinstallOrder
): Promise<Operation> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  const images = await imagesFor(instance)
  if (!images.some(({ id }) => id === image.id)) throw new ImageNotOffered()
  await requireFacet(instance, 'replacement')
  return instance.begin(
    { type: 'instance.reinstall', requestedBy: by, requestKey },
    async (trx) => {
      await instance.useTransaction(trx).refresh()
      await instance.refuseSuspended(trx)
      const secret = await OneTimeSecret.keep(
        instance,
        order.password ?? OneTimeSecret.newPassword(),
        { isOwn: typeof order.password === 'string' },
        trx
      )
      const sshPort = await PortForward.query({ client: trx })
        .where('ssh_of_id', instance.id)
        .first()
      const keys = await InstanceKey.of(instance, trx)
      const kept = keys.map(({ publicKey }) => publicKey)
      return {
        next: { ref: nextRef(instance), imageId: image.id },
        previous: { ref: instance.ref, imageId: instance.imageId },
        wasRunning: instance.powerState === 'running',
        hadSshPort: sshPort !== null,
        secretId: secret.id,
        sshKeys: [...new Set([...kept, ...(order.sshKeys ?? [])])],
      }
    }
  )
}

/** `pt-i…`, then `pt-i…-2`, `pt-i…-3`: two of them are in the cluster at once. null: a number, leased in time. */
function nextRef({ uid, ref }: Instance): string | null {
  if (isNumber(ref)) return null
  const generation = /-(\d+)$/.exec(ref.slice(`pt-${uid}`.length))?.[1]
  return `pt-${uid}-${Number(generation ?? 1) + 1}`
}
