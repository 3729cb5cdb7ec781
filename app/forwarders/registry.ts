import type { DriverName } from '#drivers/contract'
import type { ForwarderConnection, ForwarderKind, PortForwarder } from '#forwarders/contract'

/** What `app/forwarders/<kind>/forwarder.ts` exports. */
export type ForwarderModule = {
  createForwarder(connection: ForwarderConnection): PortForwarder
}

/** A further kind, a router for instance, is a folder, a line here and one in `kindsFor`, and one spec. */
const forwarders: Record<ForwarderKind, () => Promise<ForwarderModule>> = {
  fake: () => import('#forwarders/fake/forwarder'),
  lxd: () => import('#forwarders/lxd/forwarder'),
  iptables: () => import('#forwarders/iptables/forwarder'),
}

/** Who can carry the forwards of a cluster; the first one unless somebody chose. */
const kinds: Record<DriverName, readonly [ForwarderKind, ...ForwarderKind[]]> = {
  fake: ['fake', 'iptables'],
  lxd: ['lxd', 'iptables'],
}

export async function forwarderFor(connection: ForwarderConnection): Promise<PortForwarder> {
  const { createForwarder } = await forwarders[connection.kind]()
  return createForwarder(connection)
}

/** @throws DriverError unreachable */
export async function identifyHost(host: string, port: number): Promise<string> {
  const ssh = await import('#forwarders/iptables/ssh_shell')
  return ssh.identifyHost(host, port)
}

export function kindsFor(driver: DriverName): readonly [ForwarderKind, ...ForwarderKind[]] {
  return kinds[driver]
}
