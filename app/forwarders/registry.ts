import type { DriverName } from '#drivers/contract'
import type { ForwarderConnection, ForwarderKind, PortForwarder } from '#forwarders/contract'

/** What `app/forwarders/<kind>/forwarder.ts` exports. */
export type ForwarderModule = {
  createForwarder(connection: ForwarderConnection): PortForwarder
}

/** A further kind is a folder, a line here and one below it, and one spec. */
const forwarders: Record<ForwarderKind, () => Promise<ForwarderModule>> = {
  fake: () => import('#forwarders/fake/forwarder'),
  lxd: () => import('#forwarders/lxd/forwarder'),
  iptables: () => import('#forwarders/iptables/forwarder'),
  ikuai: () => import('#forwarders/ikuai/forwarder'),
}

/** Who can carry the forwards of any cluster, in front of it. */
const BESIDE = ['iptables', 'ikuai'] as const
/** Who carries those of a cluster by itself: the first one unless somebody chose. */
const own: Partial<Record<DriverName, ForwarderKind>> = { fake: 'fake', lxd: 'lxd' }

export async function forwarderFor(connection: ForwarderConnection): Promise<PortForwarder> {
  const { createForwarder } = await forwarders[connection.kind]()
  return createForwarder(connection)
}

/** @throws DriverError unreachable */
export async function identifyHost(host: string, port: number): Promise<string> {
  const ssh = await import('#forwarders/iptables/ssh_shell')
  return ssh.identifyHost(host, port)
}

/** The fingerprint of the certificate it shows. @throws DriverError unreachable */
export async function identifyRouter(endpoint: string): Promise<string> {
  const router = await import('#forwarders/ikuai/transport')
  return router.identifyRouter(endpoint)
}

export function kindsFor(driver: DriverName): readonly [ForwarderKind, ...ForwarderKind[]] {
  const itself = own[driver]
  return itself ? [itself, ...BESIDE] : BESIDE
}
