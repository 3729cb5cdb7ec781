import { Refusal } from '../refusal.js'
import type { Routes } from './route.js'

const VERSION = { version: '8.4.21', release: '8.4', repoid: '2606ac850d46da29' }
const MIB = 2 ** 20
const GIB = 2 ** 30
const FIRST_ID = 100

export const NODES: Routes = {
  'GET /version': () => VERSION,
  'GET /cluster/status': ({ cluster: { nodes } }) => [
    ...(nodes.length > 1
      ? [
          {
            type: 'cluster',
            id: 'cluster',
            name: 'lab',
            nodes: nodes.length,
            quorate: 1,
            version: nodes.length,
          },
        ]
      : []),
    ...nodes.map(({ name, isOnline }, at) => ({
      ...{ type: 'node', id: `node/${name}`, name, level: '', ip: `10.250.77.${at + 2}` },
      online: isOnline ? 1 : 0,
      local: at === 0 ? 1 : 0,
      nodeid: nodes.length > 1 ? at + 1 : 0,
    })),
  ],
  'GET /cluster/nextid': ({ given: { vmid }, cluster }) => {
    if (vmid) {
      if (cluster.takenBy(Number(vmid)))
        throw Refusal.invalid({ vmid: `VM ${vmid} already exists` })
      return vmid
    }
    let free = FIRST_ID
    while (cluster.takenBy(free)) free += 1
    return String(free)
  },
  'GET /cluster/resources': ({ given, who, cluster }) => cluster.resources(who, given.type),
  'GET /nodes': ({ cluster }) =>
    cluster.nodes.map((node) => ({
      ...cluster.shownNode(node),
      ssl_fingerprint: cluster.fingerprint,
    })),
  'GET /nodes/{node}/time': ({ given, cluster }) => {
    const time = Math.floor((Date.now() + cluster.node(given.node!).clockSkewMs) / 1_000)
    return { time, localtime: time, timezone: 'Etc/UTC' }
  },
  'GET /nodes/{node}/status': ({ given, cluster }) => {
    const node = cluster.node(given.node!)
    const shown = cluster.shownNode(node)
    const mem = Number(shown.mem)
    return {
      'uptime': shown.uptime,
      'cpu': shown.cpu,
      'cpuinfo': {
        model: 'AMD EPYC',
        cpus: node.cpus,
        cores: node.cpus,
        sockets: 1,
        mhz: '2596.132',
      },
      'memory': { total: node.memoryMib * MIB, used: mem, free: node.memoryMib * MIB - mem },
      'swap': { total: 0, used: 0, free: 0 },
      'rootfs': {
        total: node.diskGib * GIB,
        used: 20 * GIB,
        free: (node.diskGib - 20) * GIB,
        avail: (node.diskGib - 20) * GIB,
      },
      'loadavg': ['0.20', '0.18', '0.12'],
      'pveversion': `pve-manager/${VERSION.version}/${VERSION.repoid}`,
      'kversion': 'Linux 6.8.12-9-pve #1 SMP PREEMPT_DYNAMIC',
      'current-kernel': {
        sysname: 'Linux',
        release: '6.8.12-9-pve',
        version: '#1 SMP',
        machine: 'x86_64',
      },
      'boot-info': { mode: 'efi' },
      'ksm': { shared: 0 },
      'idle': 0,
      'wait': 0,
    }
  },
  'GET /nodes/{node}/network': ({ given, cluster }) => {
    const bridges = cluster.node(given.node!).bridges.map((iface, at) => ({
      ...{ iface, type: 'bridge', method: at === 0 ? 'static' : 'manual', method6: 'manual' },
      ...{ active: 1, autostart: 1, families: ['inet'], priority: 3 + at },
      ...{ bridge_fd: '0', bridge_ports: '', bridge_stp: 'off' },
      ...(at === 0 && { cidr: '10.250.80.1/24', address: '10.250.80.1', netmask: '24' }),
    }))
    if (/bridge/i.test(given.type ?? '')) return bridges
    const card = {
      iface: 'eno1',
      type: 'eth',
      exists: 1,
      active: 1,
      method: 'manual',
      method6: 'manual',
    }
    const wired = { ...card, families: ['inet'], priority: 2 }
    return given.type === 'eth' ? [wired] : given.type ? [] : [wired, ...bridges]
  },
}
