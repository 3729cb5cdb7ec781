import { randomBytes, randomUUID } from 'node:crypto'
import { Guest, written, type Config } from '../guest.js'
import { partsOf } from '../parameter.js'
import { Refusal } from '../refusal.js'
import { without, wordsOf } from '../values.js'
import type { Call, Routes } from './route.js'

const GIB = 2 ** 30
const PUBLIC_KEY =
  /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-[\w@.-]+) [A-Za-z0-9+/]{20,}={0,3}(?: .*)?$/
const EXTRACT =
  "command 'tar xpf - --zstd --totals --one-file-system -p --sparse --numeric-owner --acls --xattrs '--xattrs-include=user.*' '--xattrs-include=security.capability' '--warning=no-file-ignored' '--warning=no-xattr-write' -C /var/lib/lxc/VMID/rootfs --skip-old-files --anchored --exclude './dev/*'' failed: received interrupt"
const FACTORS: Record<string, number> = { K: 2 ** -20, M: 2 ** -10, G: 1, T: 2 ** 10 }

/** Which right a key of the configuration asks for; all others ask for that to options. */
const RIGHTS: [RegExp, string][] = [
  [/^(?:cores|cpulimit|cpuunits)$/, 'VM.Config.CPU'],
  [/^(?:memory|swap)$/, 'VM.Config.Memory'],
  [/^(?:net\d+|hostname|nameserver|searchdomain)$/, 'VM.Config.Network'],
  [/^(?:rootfs|mp\d+|unused\d+)$/, 'VM.Config.Disk'],
]

export const CONTAINERS: Routes = {
  'GET /nodes/{node}/lxc': ({ given, who, cluster }) => {
    const { name, cpus } = cluster.node(given.node!)
    return [...cluster.guests.values()]
      .filter(
        (guest) => guest.node === name && cluster.access.may(who, `/vms/${guest.vmid}`, 'VM.Audit')
      )
      .map((guest) => guest.shownStatus(cpus))
  },
  'POST /nodes/{node}/lxc': (call) => (call.given.restore === '1' ? restore(call) : create(call)),
  'DELETE /nodes/{node}/lxc/{vmid}': destroy,
  'GET /nodes/{node}/lxc/{vmid}/config': ({ given, cluster }) => {
    const guest = cluster.guest(given)
    if (!given.snapshot) return guest.shownConfig()
    const snapshot = guest.snapshots.find(({ name }) => name === given.snapshot)
    if (!snapshot) throw new Refusal(500, `snapshot '${given.snapshot}' does not exist`)
    return guest.shownSnapshot(snapshot)
  },
  'PUT /nodes/{node}/lxc/{vmid}/config': configure,
  'GET /nodes/{node}/lxc/{vmid}/pending': ({ given, cluster }) =>
    cluster.guest(given).shownPending(),
  'PUT /nodes/{node}/lxc/{vmid}/resize': resize,
}

function create({ given, who, cluster }: Call): string {
  const { node, ostemplate, rootfs, vmid, start, storage } = given
  const id = Number(vmid)
  cluster.node(node!)
  mayCreate({ given, who, cluster })
  const taken = cluster.takenBy(id)
  if (taken) throw new Refusal(500, taken)
  refuseKeys(given['ssh-public-keys'])
  const [place, gib] = wantedDisk(rootfs, storage)
  const { content, ...target } = cluster.storage(node!, place)
  if (!content.includes('rootdir')) {
    throw new Refusal(500, `storage '${place}' does not support container directories`)
  }
  const guest = new Guest(id, node!)
  // Nothing of what was asked for is written down before the disk is filled: a stranger could not tell whose it is.
  guest.lock = 'create'
  cluster.guests.set(id, guest)
  return cluster.run(who, {
    ...{ type: 'vzcreate', node: node!, id: vmid!, takesMs: cluster.paces.createMs },
    log: diskLog(target.type, id, gib),
    logOfSuccess: unpackLog(ostemplate!, given.hostname),
    interrupted: `unable to create CT ${id} - ${EXTRACT.replace('VMID', vmid!)}`,
    fails: () => {
      const [from, file] = ostemplate!.split(':vztmpl/')
      if (!file || !cluster.templatesOn(node!, from!).includes(file)) {
        return `unable to create CT ${id} - volume '${ostemplate}' does not exist`
      }
      const isFull = cluster.isFull(node!, cluster.storage(node!, place), gib)
      return isFull ? `unable to create CT ${id} - ${noSpace(target.type, place, id)}` : null
    },
    done: () => {
      guest.config = { arch: 'amd64', ostype: systemOf(ostemplate!), ...defaults(given) }
      guest.volume = { storage: place, gib, number: 0, isBase: false }
      guest.rootPassword = given.password ?? null
      guest.lock = null
      if (start === '1' && !startRefusal(guest, cluster.node(node!).bridges)) guest.start()
    },
    undone: () => cluster.guests.delete(id),
  })
}

function restore({ given, who, cluster }: Call): string {
  const { node, ostemplate, rootfs, vmid, start, storage, force } = given
  const id = Number(vmid)
  cluster.node(node!)
  mayCreate({ given, who, cluster })
  const before = cluster.guests.get(id)
  const taken = cluster.takenBy(id)
  if (taken && (force !== '1' || !before || before.node !== node)) {
    throw new Refusal(500, `unable to restore CT ${id} - ${taken}`)
  }
  if (before?.isRunning) throw new Refusal(500, "can't overwrite running container")
  if (before?.lock) throw new Refusal(500, `CT is locked (${before.lock})`)
  const [from, file] = ostemplate!.split(':backup/')
  const backup = cluster.backupsOn(node!, from!).find((each) => each.file === file)
  const place = storage ?? rootfs?.split(':')[0] ?? before?.volume?.storage ?? 'local'
  cluster.storage(node!, place)
  const guest = before ?? new Guest(id, node!)
  guest.lock = 'create'
  cluster.guests.set(id, guest)
  return cluster.run(who, {
    ...{ type: 'vzrestore', node: node!, id: vmid!, takesMs: cluster.paces.createMs },
    log: [
      `recovering backed-up configuration from '${ostemplate}'`,
      ...diskLog(cluster.storage(node!, place).type, id, backup?.gib ?? 1).slice(0, 4),
      `restoring '${ostemplate}' now..`,
      `extracting archive '/var/lib/vz/dump/${file}'`,
      'Total bytes read: 183336960 (175MiB, 144MiB/s)',
      'merging backed-up and given configuration..',
    ],
    fails: () =>
      backup ? null : `unable to restore CT ${id} - volume '${ostemplate}' does not exist`,
    done: () => {
      const number = before?.volume?.storage === place ? before.volume.number + 1 : 0
      guest.config = { ...backup!.config, ...written(configIn(given)) }
      const gib = rootfs ? wantedDisk(rootfs, storage)[1] : backup!.gib
      guest.volume = { storage: place, gib, number, isBase: false }
      guest.snapshots = []
      guest.parent = null
      if (start === '1') guest.start()
    },
    // What was there before stays as it was.
    undone: () => {
      if (!before) cluster.guests.delete(id)
    },
    after: () => (guest.lock = null),
  })
}

function destroy({ given, who, cluster }: Call): string {
  const guest = cluster.unlocked(given)
  const { node, vmid, force, purge } = given
  if (guest.config.protection === '1') {
    throw new Refusal(500, `can't remove CT ${vmid} - protection mode enabled`)
  }
  if (guest.isRunning && force !== '1') {
    throw new Refusal(500, `unable to destroy CT ${vmid} - container is running`)
  }
  guest.lock = 'destroyed'
  return cluster.run(who, {
    ...{ type: 'vzdestroy', node: node!, id: vmid!, takesMs: cluster.paces.workMs },
    log: [
      ...(guest.isRunning ? [`forced to stop CT ${vmid} before destroying!`] : []),
      ...(purge === '1' ? [`purging CT ${vmid} from related configurations..`] : []),
    ],
    done: () => {
      cluster.guests.delete(guest.vmid)
      cluster.access.forgetPath(`/vms/${vmid}`)
    },
    undone: () => (guest.lock = null),
  })
}

function configure({ given, who, cluster }: Call): null {
  const { vmid, digest, lock } = given
  const guest = cluster.unlocked(given)
  const changes = without(given, 'node', 'vmid', 'digest', 'delete', 'revert', 'lock')
  const gone = wordsOf(given.delete)
  for (const key of [...Object.keys(changes), ...gone]) {
    const [, right = 'VM.Config.Options'] = RIGHTS.find(([pattern]) => pattern.test(key)) ?? []
    cluster.access.require(who, `/vms/${vmid}`, right)
  }
  refuseFeatures({
    given: { unprivileged: guest.config.unprivileged ?? '0', ...changes },
    who,
    cluster,
  })
  if (digest && digest !== guest.digest) {
    throw Refusal.modified()
  }
  const { features, ...others } = written(changes)
  Object.assign(guest.config, without(others, 'rootfs'))
  // The rest takes effect at once.
  if (features) Object.assign(guest.isRunning ? guest.pending : guest.config, { features })
  for (const key of gone) delete guest.config[key]
  if (lock) guest.lock = lock
  return null
}

function resize({ given, who, cluster }: Call): string {
  const { node, vmid, disk, size, digest } = given
  const guest = cluster.unlocked(given)
  if (digest && digest !== guest.digest) {
    throw Refusal.modified()
  }
  if (disk !== 'rootfs') {
    const missing = 'property is missing and it is not optional'
    throw new Refusal(500, 'format error', { volume: missing, mp: missing })
  }
  const [, sign, number, unit] = /^(\+?)([\d.]+)([KMGT]?)$/.exec(size!)!
  const asked = Number(number) * (unit ? FACTORS[unit]! : 1 / GIB)
  const wanted = sign ? guest.volume!.gib + asked : asked
  if (wanted < guest.volume!.gib) throw new Refusal(500, 'unable to shrink disk size')
  const { name, type } = cluster.storage(node!, guest.volume!.storage)
  return cluster.run(who, {
    ...{ type: 'resize', node: node!, id: vmid!, takesMs: cluster.paces.workMs },
    log: ['Image resized.', 'resize2fs 1.47.0 (5-Feb-2023)'],
    fails: () => {
      const isFull = cluster.isFull(node!, cluster.storage(node!, name), wanted - guest.volume!.gib)
      return isFull ? noSpace(type, name, guest.vmid) : null
    },
    done: () => (guest.volume!.gib = wanted),
  })
}

/** Why it would not start; the bridge is looked for only then. */
export function startRefusal(guest: Guest, bridges: readonly string[]): string | null {
  if (guest.isTemplate) return "you can't start a CT if it's a template"
  const nets = Object.keys(guest.config).filter((key) => /^net\d+$/.test(key))
  const missing = nets
    .map((key) => guest.network(key).bridge)
    .find((bridge) => bridge && !bridges.includes(bridge))
  return missing ? `bridge '${missing}' does not exist` : null
}

function mayCreate({ given, who, cluster }: Call): void {
  const { access } = cluster
  const { vmid, pool, rootfs, storage } = given
  if (!pool || !access.may(who, `/pool/${pool}`, 'VM.Allocate'))
    access.require(who, `/vms/${vmid}`, 'VM.Allocate')
  refuseFeatures({ given, who, cluster })
  const [place] = wantedDisk(rootfs, storage)
  access.require(who, `/storage/${place}`, 'Datastore.AllocateSpace')
  for (const [key, value] of Object.entries(given)) {
    const bridge = /^net\d+$/.test(key) && partsOf(value).bridge
    if (bridge) access.require(who, `/sdn/zones/localnetwork/${bridge}`, 'SDN.Use')
  }
}

function refuseFeatures({ given, who, cluster }: Call): void {
  if (!given.features || cluster.access.isRoot(who)) return
  const refusal = (what: string) =>
    new Refusal(
      403,
      `Permission check failed (changing feature flags ${what} is only allowed for root@pam)`
    )
  if (given.unprivileged !== '1') throw refusal('for privileged container')
  if (Object.keys(partsOf(given.features)).some((key) => key !== 'nesting'))
    throw refusal('(except nesting)')
}

function refuseKeys(keys: string | undefined): void {
  const lines = (keys ?? '').split('\n').filter((line) => line.trim() && !line.startsWith('#'))
  if (lines.some((line) => !PUBLIC_KEY.test(line.trim()))) {
    throw new Refusal(500, 'SSH public key validation error')
  }
}

function wantedDisk(
  rootfs: string | undefined,
  storage: string | undefined
): [storage: string, gib: number] {
  const { volume = `${storage ?? 'local'}:4` } = partsOf(rootfs ?? '', 'volume')
  const [place, size] = volume.split(':')
  return [place!, Number(size)]
}

function defaults(given: Config): Config {
  return { memory: '512', swap: '512', ...written(configIn(given)) }
}

/** What of an order stays in the configuration. */
function configIn(given: Config): Config {
  const ofTheOrder = 'node vmid ostemplate rootfs storage password ssh-public-keys pool start'
  const ofItsWay = 'restore force unique bwlimit ignore-unpack-errors'
  return without(given, ...`${ofTheOrder} ${ofItsWay}`.split(' '))
}

function systemOf(template: string): string {
  return /(?:vztmpl\/)?([a-z]+)-/.exec(template.split('/').at(-1)!)?.[1] ?? 'unmanaged'
}

function diskLog(type: string, vmid: number, gib: number): string[] {
  const bytes = gib * GIB
  const backups = [32_768, 98_304, 163_840, 229_376, 294_912].filter(
    (block) => block < bytes / 4_096
  )
  const image = `/var/lib/vz/images/${vmid}/vm-${vmid}-disk-0.raw`
  return [
    ...(type === 'dir' ? [`Formatting '${image}', fmt=raw size=${bytes} preallocation=off`] : []),
    `Creating filesystem with ${bytes / 4_096} 4k blocks and ${bytes / 16_384} inodes`,
    `Filesystem UUID: ${randomUUID()}`,
    'Superblock backups stored on blocks: ',
    `\t${backups.join(', ')}`,
  ]
}

function unpackLog(template: string, hostname = 'localhost'): string[] {
  return [
    `extracting archive '/var/lib/vz/template/cache/${template.split('/').at(-1)}'`,
    'Total bytes read: 166051840 (159MiB, 99MiB/s)',
    'Detected container architecture: amd64',
    ...['rsa', 'ed25519', 'ecdsa'].flatMap((kind) => [
      `Creating SSH host key 'ssh_host_${kind}_key' - this may take some time ...`,
      `done: SHA256:${randomBytes(32).toString('base64').replace('=', '')} root@${hostname}`,
    ]),
  ]
}

function noSpace(type: string, storage: string, vmid: number): string {
  return type === 'zfspool'
    ? `zfs error: cannot create '${storage}/subvol-${vmid}-disk-0': out of space`
    : `unable to create image: No space left on device`
}
