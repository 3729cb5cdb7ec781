import type { Size } from '#drivers/contract'

/** What a cluster shall give: what was sold, less what a throttle takes of the bandwidth; null: nothing. */
export function sizeOf(sold: Size, throttledMbps: number | null): Size {
  const { cpus, memoryMib, diskGib, ingressMbps, egressMbps } = sold
  const least = (mbps: number | null) =>
    throttledMbps === null || mbps === null
      ? (mbps ?? throttledMbps)
      : Math.min(mbps, throttledMbps)
  return {
    cpus,
    memoryMib,
    diskGib,
    ingressMbps: least(ingressMbps),
    egressMbps: least(egressMbps),
  }
}
