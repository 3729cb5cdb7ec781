import {
  as,
  flag,
  oneOf,
  real,
  required,
  text,
  whole,
  type Parameter,
  type Parameters,
} from '../parameter.js'
import { NODE, RRD, VMID } from './cluster.js'
import { on, type Methods } from './method.js'

const ONE = { node: NODE, vmid: VMID }
const AUDIT = on('/vms/{vmid}', 'VM.Audit')
const POWER = on('/vms/{vmid}', 'VM.PowerMgmt')
const SNAPSHOT = required(as('pve-configid', { maxLength: 40 }))
const onItsNode = { isProtected: true, isProxied: true } as const

const MOUNT_OPTIONS = text({
  pattern:
    /^(?:discard|lazytime|noatime|nodev|noexec|nosuid)(?:;(?:discard|lazytime|noatime|nodev|noexec|nosuid))*$/,
})
const VOLUME: Parameters = {
  volume: required(as('pve-lxc-mp-string')),
  acl: flag(),
  mountoptions: MOUNT_OPTIONS,
  quota: flag(),
  replicate: flag(),
  ro: flag(),
  shared: flag(),
  size: as('disk-size'),
}
const NETWORK = text({
  parts: {
    name: required(text({ pattern: /^[-_.\w\d]+$/ })),
    bridge: text({ pattern: /^[-_.\w\d]+$/ }),
    firewall: flag(),
    gw: as('ipv4'),
    gw6: as('ipv6'),
    hwaddr: as('mac-addr'),
    ip: as('pve-ipv4-config'),
    ip6: as('pve-ipv6-config'),
    link_down: flag(),
    mtu: whole(64, 65_535),
    rate: real(),
    tag: whole(1, 4_094),
    trunks: text({ pattern: /^\d+(?:;\d+)*$/ }),
    type: oneOf('veth'),
  },
})
const DEVICE = text({
  mainPart: 'path',
  parts: {
    'path': as('pve-lxc-dev-string'),
    'deny-write': flag(),
    'gid': whole(0),
    'uid': whole(0),
    'mode': text({ pattern: /^0[0-7]{3}$/ }),
  },
})
const FEATURES = text({
  parts: {
    force_rw_sys: flag(),
    fuse: flag(),
    keyctl: flag(),
    mknod: flag(),
    mount: text({ pattern: /^[a-zA-Z0-9_; ]+$/ }),
    nesting: flag(),
  },
})
const SYSTEMS =
  'debian devuan ubuntu centos fedora opensuse archlinux alpine gentoo nixos unmanaged'
const LOCKS =
  'backup create destroyed disk fstrim migrate mounted rollback snapshot snapshot-delete'

/** What can be said of a container, when it is made and later. */
const CONTAINER: Parameters = {
  'arch': oneOf('amd64', 'i386', 'arm64', 'armhf', 'riscv32', 'riscv64'),
  'cmode': oneOf('shell', 'console', 'tty'),
  'console': flag(),
  'cores': whole(1, 8_192),
  'cpulimit': real(0, 8_192),
  'cpuunits': whole(0, 500_000),
  'debug': flag(),
  'description': text({ maxLength: 8_192 }),
  'dev[n]': DEVICE,
  'features': FEATURES,
  'hookscript': as('pve-volume-id'),
  'hostname': as('dns-name', { maxLength: 255 }),
  'lock': oneOf(...LOCKS.split(' ')),
  'memory': whole(16),
  'mp[n]': text({
    mainPart: 'volume',
    parts: { ...VOLUME, mp: required(as('pve-lxc-mp-string')), backup: flag() },
  }),
  'nameserver': as('lxc-ip-with-ll-iface-list'),
  'net[n]': NETWORK,
  'onboot': flag(),
  'ostype': oneOf(...SYSTEMS.split(' ')),
  'protection': flag(),
  'rootfs': text({ mainPart: 'volume', parts: VOLUME }),
  'searchdomain': as('dns-name-list'),
  'startup': as('pve-startup-order'),
  'swap': whole(0),
  'tags': as('pve-tag-list'),
  'template': flag(),
  'timezone': as('pve-ct-timezone'),
  'tty': whole(0, 6),
  'unprivileged': flag(),
  'unused[n]': text({ mainPart: 'volume', parts: { volume: required(as('pve-volume-id')) } }),
}
const BANDWIDTH: Parameter = real(0)

/** Containers of a node. */
export const GUESTS: Methods = {
  'GET /nodes/{node}/lxc': { ...onItsNode, parameters: { node: NODE } },
  'POST /nodes/{node}/lxc': {
    ...onItsNode,
    parameters: {
      ...CONTAINER,
      ...ONE,
      'ostemplate': required(text({ maxLength: 255 })),
      'bwlimit': BANDWIDTH,
      'force': flag(),
      'ignore-unpack-errors': flag(),
      'password': text({ minLength: 5 }),
      'pool': as('pve-poolid'),
      'restore': flag(),
      'ssh-public-keys': text(),
      'start': flag(),
      'storage': as('pve-storage-id'),
      'unique': flag({ requires: 'restore' }),
    },
  },
  'DELETE /nodes/{node}/lxc/{vmid}': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Allocate'),
    parameters: { ...ONE, 'force': flag(), 'purge': flag(), 'destroy-unreferenced-disks': flag() },
  },
  'GET /nodes/{node}/lxc/{vmid}/config': {
    isProxied: true,
    needs: AUDIT,
    parameters: { ...ONE, current: flag(), snapshot: as('pve-configid', { maxLength: 40 }) },
  },
  'PUT /nodes/{node}/lxc/{vmid}/config': {
    ...onItsNode,
    needs: on(
      '/vms/{vmid}',
      'VM.Config.Disk',
      'VM.Config.CPU',
      'VM.Config.Memory',
      'VM.Config.Network',
      'VM.Config.Options'
    ),
    parameters: {
      ...CONTAINER,
      ...ONE,
      delete: as('pve-configid-list'),
      revert: as('pve-configid-list'),
      digest: text({ maxLength: 40 }),
    },
  },
  'GET /nodes/{node}/lxc/{vmid}/pending': { isProxied: true, needs: AUDIT, parameters: ONE },
  'PUT /nodes/{node}/lxc/{vmid}/resize': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Config.Disk'),
    parameters: {
      ...ONE,
      disk: required(oneOf('rootfs', ...Array.from({ length: 256 }, (_, n) => `mp${n}`))),
      size: required(text({ pattern: /^\+?\d+(\.\d+)?[KMGT]?$/ })),
      digest: text({ maxLength: 40 }),
    },
  },
  'GET /nodes/{node}/lxc/{vmid}/status/current': { ...onItsNode, needs: AUDIT, parameters: ONE },
  'POST /nodes/{node}/lxc/{vmid}/status/start': {
    ...onItsNode,
    needs: POWER,
    parameters: { ...ONE, debug: flag(), skiplock: flag() },
  },
  'POST /nodes/{node}/lxc/{vmid}/status/stop': {
    ...onItsNode,
    needs: POWER,
    parameters: { ...ONE, 'skiplock': flag(), 'overrule-shutdown': flag() },
  },
  'POST /nodes/{node}/lxc/{vmid}/status/shutdown': {
    ...onItsNode,
    needs: POWER,
    parameters: { ...ONE, forceStop: flag(), timeout: whole(0) },
  },
  'POST /nodes/{node}/lxc/{vmid}/status/reboot': {
    ...onItsNode,
    needs: POWER,
    parameters: { ...ONE, timeout: whole(0) },
  },
  'POST /nodes/{node}/lxc/{vmid}/status/suspend': { ...onItsNode, needs: POWER, parameters: ONE },
  'GET /nodes/{node}/lxc/{vmid}/interfaces': { ...onItsNode, needs: AUDIT, parameters: ONE },
  'GET /nodes/{node}/lxc/{vmid}/rrddata': {
    isProtected: true,
    needs: AUDIT,
    parameters: { ...ONE, ...RRD },
  },
  'GET /nodes/{node}/lxc/{vmid}/feature': {
    ...onItsNode,
    needs: AUDIT,
    parameters: {
      ...ONE,
      feature: required(oneOf('snapshot', 'clone', 'copy')),
      snapname: as('pve-configid', { maxLength: 40 }),
    },
  },
  'GET /nodes/{node}/lxc/{vmid}/snapshot': { ...onItsNode, needs: AUDIT, parameters: ONE },
  'POST /nodes/{node}/lxc/{vmid}/snapshot': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Snapshot'),
    parameters: { ...ONE, snapname: SNAPSHOT, description: text() },
  },
  'DELETE /nodes/{node}/lxc/{vmid}/snapshot/{snapname}': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Snapshot'),
    parameters: { ...ONE, snapname: SNAPSHOT, force: flag() },
  },
  'POST /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Snapshot', 'VM.Snapshot.Rollback'),
    parameters: { ...ONE, snapname: SNAPSHOT, start: flag() },
  },
  'GET /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config': {
    isProxied: true,
    needs: on('/vms/{vmid}', 'VM.Snapshot', 'VM.Snapshot.Rollback', 'VM.Audit'),
    parameters: { ...ONE, snapname: SNAPSHOT },
  },
  'PUT /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Snapshot'),
    parameters: { ...ONE, snapname: SNAPSHOT, description: text() },
  },
  'POST /nodes/{node}/lxc/{vmid}/migrate': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Migrate'),
    parameters: {
      ...ONE,
      'target': NODE,
      'bwlimit': BANDWIDTH,
      'online': flag(),
      'restart': flag(),
      'target-storage': as('storage-pair-list'),
      'timeout': whole(),
    },
  },
  'POST /nodes/{node}/lxc/{vmid}/clone': {
    ...onItsNode,
    parameters: {
      ...ONE,
      newid: VMID,
      bwlimit: BANDWIDTH,
      description: text(),
      full: flag(),
      hostname: as('dns-name'),
      pool: as('pve-poolid'),
      snapname: as('pve-configid', { maxLength: 40 }),
      storage: as('pve-storage-id'),
      target: as('pve-node'),
    },
  },
  'POST /nodes/{node}/lxc/{vmid}/template': {
    ...onItsNode,
    needs: on('/vms/{vmid}', 'VM.Allocate'),
    parameters: ONE,
  },
  'POST /nodes/{node}/vzdump': {
    ...onItsNode,
    parameters: {
      'node': as('pve-node'),
      'all': flag(),
      'bwlimit': whole(0),
      'compress': oneOf('0', '1', 'gzip', 'lzo', 'zstd'),
      'dumpdir': text(),
      'exclude': as('pve-vmid-list'),
      'exclude-path': { type: 'array' },
      'fleecing': as('backup-fleecing'),
      'ionice': whole(0, 8),
      'job-id': text({ maxLength: 50, pattern: /^\S+$/ }),
      'lockwait': whole(0),
      'mailnotification': oneOf('always', 'failure'),
      'mailto': as('email-or-username-list'),
      'maxfiles': whole(1),
      'mode': oneOf('snapshot', 'suspend', 'stop'),
      'notes-template': text({ maxLength: 1_024, requires: 'storage' }),
      'notification-mode': oneOf('auto', 'legacy-sendmail', 'notification-system'),
      'notification-policy': oneOf('always', 'failure', 'never'),
      'notification-target': as('pve-configid'),
      'pbs-change-detection-mode': oneOf('legacy', 'data', 'metadata'),
      'performance': as('backup-performance'),
      'pigz': whole(),
      'pool': text(),
      'protected': flag({ requires: 'storage' }),
      'prune-backups': as('prune-backups'),
      'quiet': flag(),
      'remove': flag(),
      'script': text(),
      'stdexcludes': flag(),
      'stdout': flag(),
      'stop': flag(),
      'stopwait': whole(0),
      'storage': as('pve-storage-id'),
      'tmpdir': text(),
      'vmid': as('pve-vmid-list'),
      'zstd': whole(),
    },
  },
  'POST /nodes/{node}/lxc/{vmid}/termproxy': {
    isProtected: true,
    needs: on('/vms/{vmid}', 'VM.Console'),
    parameters: ONE,
  },
  'POST /nodes/{node}/lxc/{vmid}/vncproxy': {
    isProtected: true,
    needs: on('/vms/{vmid}', 'VM.Console'),
    parameters: { ...ONE, websocket: flag(), width: whole(16, 4_096), height: whole(16, 2_160) },
  },
  'GET /nodes/{node}/lxc/{vmid}/vncwebsocket': {
    needs: on('/vms/{vmid}', 'VM.Console'),
    parameters: {
      ...ONE,
      port: required(whole(5_900, 5_999)),
      vncticket: required(text({ maxLength: 512 })),
    },
  },
}
