import type { Size } from '#drivers/contract'

export function isSameSize(one: Size, other: Size): boolean {
  return (
    one.cpus === other.cpus &&
    one.memoryMib === other.memoryMib &&
    one.diskGib === other.diskGib &&
    one.ingressMbps === other.ingressMbps &&
    one.egressMbps === other.egressMbps
  )
}
