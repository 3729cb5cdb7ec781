import type { Size } from '#drivers/contract'
import type { LxdDevices } from '#drivers/lxd/instance'

const BYTES: Record<string, number> = {
  '': 1,
  'B': 1,
  'kB': 1e3,
  'MB': 1e6,
  'GB': 1e9,
  'TB': 1e12,
  'PB': 1e15,
  'KiB': 2 ** 10,
  'MiB': 2 ** 20,
  'GiB': 2 ** 30,
  'TiB': 2 ** 40,
  'PiB': 2 ** 50,
}

const BITS: Record<string, number> = {
  '': 1,
  'bit': 1,
  'kbit': 1e3,
  'Mbit': 1e6,
  'Gbit': 1e9,
  'Tbit': 1e12,
  'Kibit': 2 ** 10,
  'Mibit': 2 ** 20,
  'Gibit': 2 ** 30,
  'Tibit': 2 ** 40,
}

/** 0: no limit, or one that is no amount (a share of the host, e.g. "50%"). */
export function bytesOf(limit: string | undefined): number {
  return amountOf(limit, BYTES)
}

export function mbpsOf(limit: string | undefined): number | null {
  return Math.ceil(amountOf(limit, BITS) / 1e6) || null
}

/** "4", or the processors it is pinned to: "0-3", "1,3,5". 0: no limit. */
export function cpusOf(limit: string | undefined): number {
  if (!limit) return 0
  if (/^\d+$/.test(limit)) return Number(limit)
  return limit.split(',').reduce((total, part) => {
    const [first, last = first] = part.split('-').map(Number)
    return Number.isInteger(first) && Number.isInteger(last) ? total + last - first + 1 : total
  }, 0)
}

/** An empty value takes a limit away. */
export function sizeConfig({ cpus, memoryMib }: Size): Record<string, string> {
  return {
    'limits.cpu': cpus === 0 ? '' : String(cpus),
    'limits.memory': memoryMib === 0 ? '' : `${memoryMib}MiB`,
  }
}

export function diskSize({ diskGib }: Size): { size: string } {
  return { size: `${diskGib}GiB` }
}

/** Ingress is what the guest receives, as LXD counts it too. */
export function bandwidth({ ingressMbps, egressMbps }: Size): Record<string, string> {
  return {
    ...(ingressMbps !== null && { 'limits.ingress': `${ingressMbps}Mbit` }),
    ...(egressMbps !== null && { 'limits.egress': `${egressMbps}Mbit` }),
  }
}

export function sizeOf(
  config: Record<string, string>,
  root: LxdDevices[string] | undefined,
  nic: LxdDevices[string] | undefined
): Size {
  return {
    cpus: cpusOf(config['limits.cpu']),
    memoryMib: Math.ceil(bytesOf(config['limits.memory']) / 2 ** 20),
    diskGib: Math.ceil(bytesOf(root?.size) / 2 ** 30),
    ingressMbps: mbpsOf(nic?.['limits.ingress'] ?? nic?.['limits.max']),
    egressMbps: mbpsOf(nic?.['limits.egress'] ?? nic?.['limits.max']),
  }
}

function amountOf(limit: string | undefined, units: Record<string, number>): number {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(limit ?? '') ?? []
  return amount === undefined ? 0 : Number(amount) * (units[unit] ?? 0)
}
