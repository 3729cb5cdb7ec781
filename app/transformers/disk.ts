import type { GuestDisk } from '#drivers/contract'

const GIB = 2 ** 30

/** A disk of an instance. Where its cluster keeps it is for staff alone. */
export function diskRow(
  { name, path, storagePool, sizeGib, usedBytes }: GuestDisk,
  isStaff: boolean
) {
  const usedGib = usedBytes === null ? null : usedBytes / GIB
  return {
    name,
    path,
    storagePool: isStaff ? storagePool : null,
    sizeGib,
    usedMib: usedBytes === null ? null : Math.ceil(usedBytes / 2 ** 20),
    percent: usedGib === null || sizeGib === null ? null : Math.round((usedGib / sizeGib) * 100),
  }
}
