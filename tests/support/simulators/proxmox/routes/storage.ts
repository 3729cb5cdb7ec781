import type { Storage } from '../cluster.js'
import { Refusal } from '../refusal.js'
import { wordsOf } from '../values.js'
import type { Call, Routes } from './route.js'

const GIB = 2 ** 30
const TEMPLATE_BYTES = 126_515_062
const DOWNLOADABLE = [
  'alpine-3.20-default_20240908_amd64.tar.xz',
  'debian-12-standard_12.11-1_amd64.tar.zst',
  'fedora-42-default_20250428_amd64.tar.xz',
  'ubuntu-24.04-standard_24.04-2_amd64.tar.zst',
]
const AUDIT = ['Datastore.Audit', 'Datastore.AllocateSpace']

export const STORAGE: Routes = {
  'GET /nodes/{node}/storage': ({ given, who, cluster }) => {
    const wanted = wordsOf(given.content)
    return cluster
      .node(given.node!)
      .storages.filter(({ name }) => cluster.access.may(who, `/storage/${name}`, ...AUDIT))
      .filter(({ name }) => !given.storage || name === given.storage)
      .filter(({ content }) => wanted.length === 0 || wanted.some((kind) => content.includes(kind)))
      .map((storage) => {
        const shown = shownStorage({ given, who, cluster }, storage)
        return { storage: storage.name, ...shown, used_fraction: shown.used / shown.total }
      })
  },
  'GET /nodes/{node}/storage/{storage}/status': (call) =>
    shownStorage(call, call.cluster.storage(call.given.node!, call.given.storage!)),
  'GET /nodes/{node}/storage/{storage}/content': volumes,
  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': remove,
  'GET /nodes/{node}/aplinfo': ({ given, cluster }) => {
    cluster.node(given.node!)
    return DOWNLOADABLE.map((template) => {
      const [, name, version] = /^([^_]+)_([^_]+)_amd64/.exec(template)!
      return {
        ...{
          template,
          package: name,
          version,
          architecture: 'amd64',
          type: 'lxc',
          section: 'system',
        },
        os: name!.split('-')[0],
        headline: `LXC default image for ${name} (${version})`,
        location: `http://download.proxmox.com/images/system/${template}`,
      }
    })
  },
  'POST /nodes/{node}/aplinfo': ({ given, who, cluster }) => {
    const { node, storage, template } = given
    if (!DOWNLOADABLE.includes(template!)) throw Refusal.invalid({ template: 'no such template' })
    const { name } = cluster.storage(node!, storage!)
    return cluster.run(who, {
      ...{ type: 'download', node: node!, id: template!, takesMs: cluster.paces.workMs },
      log: [`downloading http://download.proxmox.com/images/system/${template}`],
      done: () => {
        const there = cluster.templatesOn(node!, name)
        cluster.node(node!).templates.set(name, [...new Set([...there, template!])])
      },
    })
  },
}

function shownStorage({ given, cluster }: Call, storage: Storage) {
  return {
    type: storage.type,
    content: storage.content.join(','),
    active: 1,
    enabled: 1,
    shared: storage.isShared ? 1 : 0,
    ...cluster.space(given.node!, storage),
  }
}

function volumes({ given, who, cluster }: Call): unknown[] {
  const { node, storage, content: kind, vmid } = given
  cluster.storage(node!, storage!)
  const templates = cluster.templatesOn(node!, storage!).map((file) => ({
    volid: `${storage}:vztmpl/${file}`,
    content: 'vztmpl',
    format: `t${file.split('.').at(-1)}`,
    size: TEMPLATE_BYTES,
    ctime: 1_795_000_000,
  }))
  const disks = [...cluster.guests.values()]
    .filter((guest) => guest.volume?.storage === storage && guest.node === node)
    .map((guest) => ({
      volid: guest.shownVolume().split(',')[0],
      content: 'rootdir',
      format: 'raw',
      parent: null,
      size: guest.volume!.gib * GIB,
      used: Math.floor((guest.volume!.gib * GIB) / 8),
      vmid: guest.vmid,
      ctime: Math.floor(guest.bornAt / 1_000),
    }))
  const backups = cluster
    .backupsOn(node!, storage!)
    .filter((backup) => cluster.access.may(who, `/vms/${backup.vmid}`, 'VM.Backup'))
    .map((backup) => ({
      volid: `${storage}:backup/${backup.file}`,
      content: 'backup',
      format: 'tar.zst',
      subtype: 'lxc',
      size: backup.bytes,
      vmid: backup.vmid,
      ctime: backup.madeAt,
      ...(backup.notes && { notes: backup.notes }),
    }))
  return [...templates, ...disks, ...backups].filter(
    (volume) =>
      (!kind || volume.content === kind) &&
      (!vmid || ('vmid' in volume && volume.vmid === Number(vmid)))
  )
}

function remove({ given, who, cluster }: Call): string {
  const { node, storage, volume } = given
  cluster.storage(node!, storage!)
  const [place, file] = volume!.includes(':') ? volume!.split(':backup/') : [storage, volume]
  const backup = cluster.backupsOn(node!, place!).find((each) => each.file === file)
  if (!backup) throw new Refusal(500, `volume '${volume}' does not exist`)
  if (!cluster.access.may(who, `/storage/${place}`, 'Datastore.Allocate')) {
    cluster.access.require(who, `/vms/${backup.vmid}`, 'VM.Backup')
  }
  return cluster.run(who, {
    ...{
      type: 'imgdel',
      node: node!,
      id: `${backup.vmid}@${place}`,
      takesMs: cluster.paces.workMs,
    },
    log: [`Removed volume '${place}:backup/${file}'`],
    done: () => (cluster.backups = cluster.backups.filter((each) => each !== backup)),
  })
}
