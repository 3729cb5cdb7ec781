import type { ClusterConnection } from '#drivers/contract'

/**
 * What Portico asks of whoever carries port forwards: an LXD server, a firewall, a router. No model and no
 * vendor term may enter here. The desired state lives in the database; a forwarder makes it so. The rules each
 * obeys are facts in `tests/forwarders/conformance.ts`. Only `DriverError` leaves a forwarder.
 */

export const FORWARDER_KINDS = ['fake', 'lxd', 'iptables', 'ikuai'] as const
export type ForwarderKind = (typeof FORWARDER_KINDS)[number]

export const FORWARD_PROTOCOLS = ['tcp', 'udp'] as const
export type ForwardProtocol = (typeof FORWARD_PROTOCOLS)[number]

/** One port, or a range of them, that leads to the same number of ports of an instance. */
export type Forward = {
  /** Ours: a small letter, then small letters and digits. What is placed carries it. */
  ref: string
  protocol: ForwardProtocol
  /** Where packets arrive at the node; of the family of `target.address`. */
  listenAddress: string
  firstPort: number
  lastPort: number
  target: {
    /** The instance's ref in its cluster. */
    instance: string
    address: string
    /** Where the first port leads; the others follow it one by one. */
    firstPort: number
  }
}

/** Enough to find a forward again. */
export type PlacedForward = {
  ref: string
  /** The instance on which it hangs, where it hangs on one. */
  instance: string | null
}

export type Comparison = {
  /** Of those wanted: not there, by half, or leading elsewhere. */
  missing: Forward[]
  /** Ours and not wanted. What others made is never among them. */
  stray: PlacedForward[]
}

/** What keeps forwards from working although they are placed. */
export const FORWARDER_PROBLEMS = [
  /** The kernel of the node does not pass packets on. */
  'ip_forward_off',
  /** The interface where packets should arrive is not there. */
  'no_interface',
] as const
export type ForwarderProblem = (typeof FORWARDER_PROBLEMS)[number]

/** What a machine tells of itself that others fill with rules, too. */
export type CarrierHealth = {
  /** `iKuai 3.6.13` */
  product: string
  /** Everybody's. */
  rules: number
  /** Of these, this cluster's. */
  ours: number
}

export interface PortForwarder {
  /**
   * All of these are there afterwards, exactly as told; one with the same ref that leads elsewhere is replaced,
   * and another of ours on the same port gives way: whose the port is, the database decides. Twice does no more
   * than once.
   * @throws DriverError already_exists when somebody else has a port of them; then those before it may be placed
   */
  ensure(forwards: Forward[]): Promise<void>
  /** None of these is there afterwards; absent already: succeeds. */
  remove(forwards: PlacedForward[]): Promise<void>
  /** What there is of ours, held against what should be; reads only. */
  compare(wanted: Forward[]): Promise<Comparison>
  /** Whether it can be spoken to, with all rights it needs, and what else would keep forwards from working. */
  check(): Promise<ForwarderProblem[]>
  /**
   * Whether the node drops what is passed on, unless a rule lets it through: ours do, guests' own traffic may not.
   * Only where a firewall is spoken to.
   */
  dropsForwarded?(): Promise<boolean>
  /** Only where a machine of its own carries them. */
  health?(): Promise<CarrierHealth>
  /** Closes connections. The forwarder is not used afterwards. */
  close(): Promise<void>
}

/** How a machine is reached whose firewall carries forwards. */
export type SshConnection = {
  host: string
  port: number
  user: string
  /** `SHA256:…` of the host's key, compared before anything is sent. */
  hostKey: string
  /** OpenSSH or PEM form, without a passphrase. */
  privateKey: string
}

/** How an iKuai router is reached: 3.x by user and password, 4.x by an API token. */
export type RouterAccess = {
  /** https://192.0.2.1, or http:// where nobody else is on the way. */
  endpoint: string
  /** SHA-256 of its certificate's DER form, 64 lower-case hex digits; null with http. */
  tlsFingerprint: string | null
  username: string | null
  password: string | null
  token: string | null
}

/** Plain data by which a forwarder reaches what carries its forwards. Secrets are already decrypted here. */
export type ForwarderConnection = {
  kind: ForwarderKind
  /** Of the cluster; names what is ours where several clusters share a firewall. */
  label: string
  cluster: ClusterConnection
  /** Only packets that arrive here are forwarded; null: wherever they arrive. */
  listenInterface: string | null
  /** Instances see the node's address instead of the client's: where the node is not their gateway. */
  masquerade: boolean
  /** null: this machine's own firewall. */
  ssh: SshConnection | null
  /** Of iKuai only. */
  router: RouterAccess | null
}
