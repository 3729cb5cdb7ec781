import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { NameTaken, NotPossibleNow } from '#exceptions/domain_error'
import type Cluster from '#models/cluster'
import { leasable, leaseFound, refuseLeased } from '#models/found_addresses'
import Image from '#models/image'
import Instance from '#models/instance'
import Node from '#models/node'
import Operation from '#models/operation'
import Organization from '#models/organization'
import Quota from '#models/quota'
import type User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { DriftFacts } from '#models/types'

export type AdoptableGuest = NonNullable<DriftFacts['guest']>

/**
 * A guest that was there before Portico, or that Portico has forgotten, becomes an instance of the provider's:
 * with the limits it has, the addresses it carries leased, its quota counted, and from the end of the operation
 * on with our stamp. Nothing else of it is changed, and it goes on running.
 * @throws NameTaken, NotPossibleNow when it is an instance already
 */
export async function adoptGuest(
  cluster: Cluster,
  guest: AdoptableGuest,
  { name, by }: { name: string; by: User | null }
): Promise<Operation> {
  const provider = await Organization.provider()
  return Tenant.run(provider.id, async () => {
    await refuseOwned(cluster, guest)
    const found = await leasable(cluster, [...guest.assigned, ...guest.addresses])
    const facts = await placeOf(cluster, guest)
    try {
      return await transaction(async (trx) => {
        await freeRef(cluster, guest.ref, trx)
        const instance = await Instance.create(
          {
            uid: newUid('i'),
            organizationId: provider.id,
            name,
            liveName: name,
            kind: guest.kind,
            clusterId: cluster.id,
            ...facts,
            ref: guest.ref,
            cpus: guest.size.cpus,
            memoryMib: guest.size.memoryMib,
            diskGib: guest.size.diskGib,
            ingressMbps: guest.size.ingressMbps,
            egressMbps: guest.size.egressMbps,
            macAddress: guest.macAddress,
            powerState: guest.power,
            createdById: by?.id ?? null,
          },
          { client: trx }
        )
        await leaseFound(instance, found, trx)
        await Quota.take(
          provider.id,
          instance.quotaSubject,
          {
            instances: 1,
            cpus: instance.cpus,
            memory_mib: instance.memoryMib,
            disk_gib: instance.diskGib,
            addresses: found.length,
          },
          trx
        )
        return Operation.open(
          { type: 'instance.adopt', instance, input: { stamp: guest.stamp }, requestedBy: by },
          trx
        )
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      await refuseOwned(cluster, guest)
      await refuseLeased(cluster, found, error)
      const free = await Instance.freeName(provider, name)
      throw new NameTaken({ name, free }, { cause: error })
    }
  })
}

/** A name that an instance may have, made of what a cluster calls its guest. */
export function nameFor(ref: string): string {
  const name = ref
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 58)
  return name || 'adopted'
}

async function placeOf(cluster: Cluster, guest: AdoptableGuest) {
  const here = { clusterId: cluster.id }
  const node = guest.node === null ? null : await Node.findBy({ ...here, ref: guest.node })
  const image = guest.image === null ? null : await Image.findBy({ ...here, ref: guest.image })
  return { nodeId: node?.id ?? null, imageId: image?.id ?? null }
}

/** One row a guest; which cluster it is told from does not matter, where two name the same server. */
async function refuseOwned(cluster: Cluster, { ref, stamp }: AdoptableGuest): Promise<void> {
  const owned = await Tenant.system('whose guest it is', () =>
    Instance.query()
      .whereNull('deleted_at')
      .where('ref', ref)
      .where((same) => {
        same.where('cluster_id', cluster.id)
        if (stamp !== null) same.orWhere('uid', stamp)
      })
      .first()
  )
  if (owned) throw new NotPossibleNow()
}

/** The row of a deleted instance lets go of the name, so that another may carry it. */
async function freeRef(
  cluster: Pick<Cluster, 'id'>,
  ref: string,
  trx: TransactionClientContract
): Promise<void> {
  const before: { id: number }[] = await trx
    .from('instances')
    .where({ cluster_id: cluster.id, ref })
    .whereNotNull('deleted_at')
    .select('id')
  for (const { id } of before) {
    await trx
      .from('instances')
      .where('id', id)
      .update({ ref: `${ref.slice(0, 100)}~${id}` })
  }
}
