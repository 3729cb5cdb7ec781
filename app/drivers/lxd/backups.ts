import { randomBytes } from 'node:crypto'
import type {
  Archive,
  BackupApi,
  CarriedArchive,
  ClusterFacts,
  InstanceSpec,
  RemoteTask,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { at, type LxdClient } from '#drivers/lxd/client'
import { requireStamp, STAMP_KEY, type LxdInstance } from '#drivers/lxd/instance'
import { busy, noSuchInstance, requireName, type LxdOptions } from '#drivers/lxd/instances'
import { networkFor } from '#drivers/lxd/networks'
import { bandwidth, diskSize, sizeConfig } from '#drivers/lxd/sizes'
import type { LxdTasks } from '#drivers/lxd/tasks'

/** Nobody fetches it after that: LXD removes by itself what we could not. */
const KEPT_MS = 86_400_000

/** Of what an archive brings along only this is its disk's own: how ids on it are shifted, and of what image it is. */
const OWN_KEYS = /^(volatile\.(last_state\.)?idmap|volatile\.base_image$|image\.)/

/**
 * LXD's own archives. Packing cannot be stopped once it has begun, and an archive is taken back as it was: with the
 * stamp, limits, card and address of the instance it was made of.
 */
export class LxdBackups implements BackupApi {
  constructor(
    private readonly client: LxdClient,
    private readonly tasks: LxdTasks,
    private readonly facts: ClusterFacts | null,
    private readonly options: LxdOptions
  ) {}

  async pack(ref: string, name: string): Promise<RemoteTask> {
    requireName(ref)
    requireArchiveName(name)
    const wanted: WantedState = { is: 'archived', archive: name }
    if (!(await this.tasks.read(ref))) throw noSuchInstance(ref)
    const [running] = await this.tasks.runningOn(ref)
    if (running) throw busy(running)
    // Listed before it is whole, and still when LXD died over it: only one that can be fetched counts.
    if (await this.tasks.hasArchive(ref, name)) {
      if (await this.isWhole(ref, name)) return this.tasks.over(ref, wanted)
      await this.client.request('DELETE', at('instances', ref, 'backups', name))
      throw new DriverError('busy', 'what was left of the archive is being removed first')
    }
    const reply = await this.client.request('POST', at('instances', ref, 'backups'), {
      body: {
        json: {
          name,
          compression_algorithm: 'gzip',
          instance_only: true,
          optimized_storage: false,
          expires_at: new Date(Date.now() + KEPT_MS).toISOString(),
        },
      },
    })
    return this.tasks.started(reply, ref, wanted)
  }

  async read(ref: string, name: string): Promise<CarriedArchive> {
    requireName(ref)
    requireArchiveName(name)
    const path = at('instances', ref, 'backups', name, 'export')
    const response = await this.client.transfer('GET', path, {})
    if (response.statusCode !== 200) {
      await this.client.readTransfer(response)
      throw new DriverError('not_found', 'the cluster has no such archive')
    }
    return { stream: response, sizeBytes: Number(response.headers['content-length']) }
  }

  async discard(ref: string, name: string): Promise<RemoteTask> {
    requireName(ref)
    requireArchiveName(name)
    const wanted: WantedState = { is: 'unarchived', archive: name }
    if (!(await this.tasks.hasArchive(ref, name))) {
      await this.client.requireProject()
      return this.tasks.over(ref, wanted)
    }
    const [running] = await this.tasks.runningOn(ref)
    if (running) throw busy(running)
    const path = at('instances', ref, 'backups', name)
    return this.tasks.started(await this.client.request('DELETE', path), ref, wanted)
  }

  async unpack(spec: InstanceSpec, archive: Archive, source: string): Promise<RemoteTask> {
    requireName(spec.ref)
    if (!('stream' in archive)) throw new DriverError('unsupported', 'LXD keeps no archives')
    const wanted: WantedState = { is: 'unpacked', source }
    try {
      await this.clear(spec, source)
    } catch (error) {
      archive.stream.destroy()
      throw error
    }
    const response = await this.client.transfer('POST', at('instances'), {
      query: spec.node !== null && this.facts?.clustered ? { target: spec.node } : {},
      headers: {
        'content-length': String(archive.sizeBytes),
        'x-lxd-name': spec.ref,
        'x-lxd-pool': spec.storagePool,
      },
      body: archive.stream,
    })
    return this.tasks.started(await this.client.readTransfer(response), spec.ref, wanted)
  }

  async adopt(spec: InstanceSpec, source: string): Promise<RemoteTask> {
    requireName(spec.ref)
    const wanted: WantedState = { is: 'present', stamp: spec.stamp }
    const reply = await this.client.find(at('instances', spec.ref))
    const instance = await this.tasks.read(spec.ref)
    if (!reply || !instance) throw noSuchInstance(spec.ref)
    if (instance.stamp === spec.stamp) return this.tasks.over(spec.ref, wanted)
    requireStamp(instance, source)
    // Left to LXD it would stay the one of the archive, which the old instance still has.
    const macAddress = spec.macAddress ?? randomMac()
    const nic = await networkFor(this.client, { ...spec, macAddress }, this.options)
    const changed = await this.client.request('PUT', at('instances', spec.ref), {
      headers: reply.etag ? { 'if-match': reply.etag } : {},
      body: {
        json: {
          architecture: instance.architecture,
          profiles: this.options.profiles,
          ephemeral: false,
          config: {
            ...ownConfig(instance),
            ...sizeConfig(spec.size),
            ...nic.config,
            [STAMP_KEY]: spec.stamp,
            // By this mark a whole one is known before its first start; see isHalfMade.
            'volatile.apply_template': 'copy',
          },
          devices: {
            root: { type: 'disk', path: '/', pool: spec.storagePool, ...diskSize(spec.size) },
            eth0: { ...nic.device, ...bandwidth(spec.size) },
          },
        },
      },
    })
    return this.tasks.started(changed, spec.ref, wanted)
  }

  /** What an unpacking before this one left. A name that somebody else has is not touched. */
  private async clear({ ref }: InstanceSpec, source: string): Promise<void> {
    const [running] = await this.tasks.runningOn(ref)
    if (running) throw busy(running)
    const left = await this.tasks.read(ref)
    if (!left) return
    requireStamp(left, source)
    await this.tasks.startRemoving(left)
    throw new DriverError('busy', 'what was left of an earlier try is being removed first')
  }

  private async isWhole(ref: string, name: string): Promise<boolean> {
    const path = at('instances', ref, 'backups', name, 'export')
    const response = await this.client.transfer('GET', path, {})
    response.destroy()
    return response.statusCode === 200 && Number(response.headers['content-length']) > 0
  }
}

/** In the range that is everybody's to use. */
function randomMac(): string {
  return ['00:16:3e', ...randomBytes(3).toString('hex').match(/../g)!].join(':')
}

function ownConfig({ config }: LxdInstance): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => OWN_KEYS.test(key)))
}

function requireArchiveName(name: string): void {
  if (/^[a-zA-Z0-9][\w.-]{0,62}$/.test(name)) return
  throw new DriverError('invalid', 'an archive is called by letters, digits, dots and hyphens')
}
