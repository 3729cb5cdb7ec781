import type Transfer from '#models/transfer'

/** What another organization offers; needs `from`, `offeredBy`, and `instance` with its plan and cluster. */
export function apiOfferedInstance(transfer: Transfer) {
  const { from, offeredBy, instance } = transfer
  return {
    uid: transfer.uid,
    from: { name: from.name, slug: from.slug },
    offered_by: offeredBy?.displayName ?? null,
    is_open: transfer.isOpen,
    expires_at: transfer.expiresAt.toISO(),
    instance: {
      name: instance.name,
      cpus: instance.cpus,
      memory_mib: instance.memoryMib,
      disk_gib: instance.diskGib,
      plan: instance.plan?.name ?? null,
      cluster: instance.cluster.name,
    },
  }
}

/** What is offered to another organization; needs `to`. */
export function apiTransfer({ uid, to, expiresAt, createdAt }: Transfer) {
  return {
    uid,
    to: { name: to.name, slug: to.slug },
    expires_at: expiresAt.toISO(),
    created_at: createdAt.toISO(),
  }
}
