import ipaddr from 'ipaddr.js'

/**
 * Addresses and CIDR blocks, with commas, that webhooks may lead to beside the public ones.
 * @throws Error naming WEBHOOK_ALLOWED_RANGES when an entry is neither
 */
export function webhookRanges(list: string | undefined): string[] {
  const ranges = (list ?? '')
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '')
  for (const range of ranges) {
    if (range.includes('/') ? ipaddr.isValidCIDR(range) : ipaddr.isValid(range)) continue
    throw new Error(`WEBHOOK_ALLOWED_RANGES: "${range}" is neither an address nor a CIDR block`)
  }
  return ranges
}
