import type PortForward from '#models/port_forward'

/**
 * A port forward as both generations of the plugin read it: the first under capitalised names and as text, the
 * second under long ones.
 */
export function billedForward(reference: string, forward: PortForward) {
  const { protocol, ports, targetPorts } = forward
  return {
    Dtype: protocol.toUpperCase(),
    Dport: String(ports.first),
    Sport: String(targetPorts.first),
    ID: `lxd_controller_nat_${reference}_${protocol}_${ports.first}`,

    container_name: reference,
    protocol,
    external_ip: forward.address,
    external_port: ports.first,
    external_port_end: ports.last,
    internal_port: targetPorts.first,
    internal_port_end: targetPorts.last,
    ip_version: forward.address.includes(':') ? 6 : 4,
    status: forward.appliedAt ? 'active' : 'pending',
    description: forward.note ?? (forward.isForSsh ? 'SSH' : ''),
  }
}
