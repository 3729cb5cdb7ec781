import ipaddr from 'ipaddr.js'

/** Whether an address is in one of these addresses and CIDRs, which a validator has read; none: from anywhere. */
export function isAllowedFrom(address: string, ranges: readonly string[]): boolean {
  if (ranges.length === 0) return true
  if (!ipaddr.isValid(address)) return false
  const from = ipaddr.process(address)
  return ranges.some((range) => {
    const [base, bits] = range.includes('/')
      ? ipaddr.parseCIDR(range)
      : [ipaddr.process(range), null]
    if (base.kind() !== from.kind()) return false
    return from.match(base as never, bits ?? (base.kind() === 'ipv4' ? 32 : 128))
  })
}
