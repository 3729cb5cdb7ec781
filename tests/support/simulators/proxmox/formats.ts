import { isIPv4, isIPv6 } from 'node:net'
import { wordsOf } from './values.js'

type Format = { accepts(value: string): boolean; complaint(value: string): string }

const matching = (pattern: RegExp, complaint: string | ((value: string) => string)): Format => ({
  accepts: (value) => pattern.test(value),
  complaint: typeof complaint === 'string' ? () => complaint : complaint,
})
/** Separated by commas, semicolons or blanks, each of the form. */
const listOf = ({ accepts, complaint }: Format): Format => {
  const wrong = (value: string) => wordsOf(value).find((part) => !accepts(part))
  return {
    accepts: (value) => wrong(value) === undefined,
    complaint: (value) => complaint(wrong(value) ?? value),
  }
}
const network = (isAddress: (value: string) => boolean, bits: number) => (value: string) => {
  const [address, prefix, ...rest] = value.split('/')
  return (
    rest.length === 0 && isAddress(address!) && /^\d+$/.test(prefix ?? '') && Number(prefix) <= bits
  )
}
const isNetwork4 = network(isIPv4, 32)
const isNetwork6 = network(isIPv6, 128)

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const dnsName = matching(
  new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i'),
  'value does not look like a valid DNS name'
)
const configId = matching(/^[a-z][a-z0-9_-]+$/i, (value) => `invalid configuration ID '${value}'`)
const vmid = matching(/^[1-9][0-9]{2,8}$/, 'value does not look like a valid VM ID')
const storageId = matching(
  /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i,
  (value) => `storage ID '${value}' contains illegal characters`
)
const storageContent = matching(
  /^(?:images|rootdir|vztmpl|iso|backup|snippets|import|none)$/,
  (value) => `invalid content type '${value}'`
)
const userId = matching(
  /^[^\s:/]+@[a-z][a-z0-9.\-_]+$/i,
  (value) => `value '${value}' does not look like a valid user name`
)
const tokenId = matching(
  /^[^\s:/]+@[a-z][a-z0-9.\-_]+![a-z][a-z0-9.\-_]+$/i,
  (value) => `value '${value}' does not look like a valid token ID`
)
const word = (what: string) =>
  matching(/^[a-z0-9.\-_]+$/i, (value) => `${what} '${value}' contains invalid characters`)
const privilege = matching(
  /^[A-Z][A-Za-z]+(?:\.[A-Za-z]+)+$/,
  (value) => `invalid privilege '${value}'`
)
const ports = matching(
  /^\d{1,5}(?:[:-]\d{1,5})?(?:,\d{1,5}(?:[:-]\d{1,5})?)*$|^[a-z][a-z0-9-]*$/,
  'invalid port'
)
const addresses: Format = listOf({
  accepts: (value) =>
    isIPv4(value) ||
    isIPv6(value) ||
    isNetwork4(value) ||
    isNetwork6(value) ||
    /^\+?[a-z][\w/-]*$/i.test(value),
  complaint: (value) => `no valid address specification: '${value}'`,
})
const anything = matching(/^/, '')

/** The named forms of the API, with what is said of a value that does not have them. */
export const FORMATS: Record<string, Format> = {
  'dns-name': dnsName,
  'dns-name-list': listOf(dnsName),
  'pve-node': matching(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
    'value does not look like a valid node name'
  ),
  'pve-vmid': vmid,
  'pve-vmid-list': listOf(vmid),
  'pve-configid': configId,
  'pve-configid-list': listOf(configId),
  'pve-storage-id': storageId,
  'pve-storage-content': storageContent,
  'pve-storage-content-list': listOf(storageContent),
  'storage-pair-list': listOf(
    matching(/^[a-z][a-z0-9\-_.]*(?::[a-z][a-z0-9\-_.]*)?$|^1$/i, 'invalid mapping')
  ),
  'pve-volume-id': matching(/^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i, 'unable to parse volume ID'),
  'disk-size': matching(/^\d+(?:\.\d+)?[KMGT]?$/, 'value does not look like a valid disk size'),
  'pve-lxc-mp-string': matching(/^[^,]+$/, 'value does not look like a valid LXC mount point'),
  'pve-lxc-dev-string': matching(/^\/dev\/[^,]+$/, 'value does not look like a valid device'),
  'pve-tag-list': listOf(matching(/^[a-z0-9_][a-z0-9_\-+.]*$/i, 'invalid characters in tag')),
  'pve-poolid': matching(
    /^[a-z0-9.\-_]+(?:\/[a-z0-9.\-_]+){0,2}$/i,
    (value) => `pool ID '${value}' is invalid`
  ),
  'pve-startup-order': matching(
    /^(?:order=)?\d+(?:,(?:up|down)=\d+)*$|^(?:up|down)=\d+(?:,(?:up|down)=\d+)*$/,
    'unable to parse startup options'
  ),
  'pve-ct-timezone': matching(/^(?:host|UTC|[A-Z]\w+(?:\/[\w+-]+)+)$/, 'invalid time zone'),
  'lxc-ip-with-ll-iface-list': listOf({
    accepts: (value) => isIPv4(value) || isIPv6(value.split('%')[0]!),
    complaint: () => 'value does not look like a valid IP address',
  }),
  'ipv4': { accepts: isIPv4, complaint: () => 'value does not look like a valid ipv4 address' },
  'ipv6': { accepts: isIPv6, complaint: () => 'value does not look like a valid ipv6 address' },
  'pve-ipv4-config': {
    accepts: (value) => value === 'dhcp' || value === 'manual' || isNetwork4(value),
    complaint: () => 'value does not look like a valid ipv4 network configuration',
  },
  'pve-ipv6-config': {
    accepts: (value) => ['auto', 'dhcp', 'manual'].includes(value) || isNetwork6(value),
    complaint: () => 'value does not look like a valid ipv6 network configuration',
  },
  // The second digit is even: no group addresses.
  'mac-addr': matching(
    /^[a-f0-9][02468ace](?::[a-f0-9]{2}){5}$/i,
    'value does not look like a valid unicast MAC address'
  ),
  'pve-userid': userId,
  'pve-userid-list': listOf(userId),
  'pve-tokenid-list': listOf(tokenId),
  'pve-groupid-list': listOf(word('group name')),
  'pve-roleid': word('role name'),
  'pve-roleid-list': listOf(word('role name')),
  'pve-priv-list': listOf(privilege),
  'pve-realm': word('realm'),
  'email-opt': matching(/^(?:[^\s@]+@[^\s@]+)?$/, 'value does not look like a valid email address'),
  'email-or-username-list': listOf(matching(/^\S+$/, 'no valid address')),
  'pve-task-status-type-list': listOf(
    matching(/^(?:ok|error|warning|unknown)$/i, 'no such status')
  ),
  'pve-iface': matching(/^[a-z][a-z0-9_]{1,20}(?:[:.]\d+)?$/i, 'invalid network interface name'),
  'pve-fw-addr-spec': addresses,
  'pve-fw-sport-spec': ports,
  'pve-fw-dport-spec': ports,
  'pve-fw-protocol-spec': matching(/^(?:\d{1,3}|[a-z][a-z0-9-]*)$/, 'unknown protocol'),
  'pve-fw-icmp-type-spec': matching(/^[a-z0-9/-]+$/, 'unknown icmp-type'),
  'IPorCIDRorAlias': addresses,
  'backup-fleecing': anything,
  'backup-performance': anything,
  'prune-backups': anything,
}
