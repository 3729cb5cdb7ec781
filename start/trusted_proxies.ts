import ipaddr from 'ipaddr.js'

/**
 * Whose X-Forwarded-* headers are believed. `list` holds addresses or CIDR blocks, comma separated;
 * empty or missing means nobody's, because a header anybody can send must not decide who they are.
 * @throws Error naming TRUST_PROXY when an entry is neither
 */
export function trustedProxies(list: string | undefined): (address: string) => boolean {
  const blocks = (list ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      try {
        return entry.includes('/')
          ? ipaddr.parseCIDR(entry)
          : ([ipaddr.parse(entry), ipaddr.parse(entry).kind() === 'ipv4' ? 32 : 128] as const)
      } catch (cause) {
        throw new Error(`TRUST_PROXY: "${entry}" is neither an address nor a CIDR block`, { cause })
      }
    })

  return (address) => {
    if (blocks.length === 0 || !ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return blocks.some(
      ([network, bits]) => peer.kind() === network.kind() && peer.match(network, bits)
    )
  }
}
