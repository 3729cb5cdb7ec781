import type {
  ClusterFacts,
  InstanceApi,
  InstanceSpec,
  PowerAction,
  RemoteInstance,
  RemoteTask,
  Size,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import {
  firstNic,
  furtherCards,
  isHalfMade,
  parseInstance,
  powerOf,
  requireStamp,
  rootDevice,
  sizeOfInstance,
  STAMP_KEY,
  startedAt,
  toRemoteInstance,
  type LxdDevices,
  type LxdInstance,
} from '#drivers/lxd/instance'
import { networkFor } from '#drivers/lxd/networks'
import { bandwidth, diskSize, sizeConfig } from '#drivers/lxd/sizes'
import { isSameSize } from '#drivers/sizes'
import { CREATING, DELETING, type LxdTasks, type RunningTask } from '#drivers/lxd/tasks'

const DISCARD_MS = 30_000
const LIST_MS = 120_000

export type LxdOptions = {
  profiles: string[]
  /** Guests may only speak from the addresses they were given. */
  addressFiltering: boolean
  /** How long a guest that was asked to stop is waited for. */
  stopSeconds: number
}

export class LxdInstances implements InstanceApi {
  constructor(
    private readonly client: LxdClient,
    private readonly tasks: LxdTasks,
    private readonly facts: ClusterFacts | null,
    private readonly options: LxdOptions
  ) {}

  async find(ref: string): Promise<RemoteInstance | null> {
    if (!isName(ref)) return null
    const reply = await this.client.find(at('instances', ref), { query: { recursion: '1' } })
    if (reply === null) {
      await this.client.requireProject()
      return null
    }
    return this.toRemote(parseInstance(reply.metadata))
  }

  /** LXD 5.0 does not page: everything with its state in one answer. */
  async *list(): AsyncGenerator<RemoteInstance> {
    await this.client.requireProject()
    const { metadata } = await this.client.get(at('instances'), {
      query: { recursion: '2' },
      timeoutMs: LIST_MS,
    })
    for (const instance of list(metadata)) yield this.toRemote(parseInstance(instance))
  }

  async create(spec: InstanceSpec): Promise<RemoteTask> {
    requireName(spec.ref)
    const wanted: WantedState = { is: 'present', stamp: spec.stamp }
    const [existing, nic] = await Promise.all([
      this.tasks.read(spec.ref),
      networkFor(this.client, spec, this.options),
    ])
    if (existing) {
      requireStamp(existing, spec.stamp)
      const [running] = await this.tasks.runningOn(spec.ref)
      if (running?.description === CREATING) return { id: running.id, ref: spec.ref, wanted }
      if (running?.description === DELETING) throw busy(running)
      if (!isHalfMade(existing)) return this.tasks.over(spec.ref, wanted)
      if (running) throw busy(running)
      await this.discard(spec.ref)
    }
    const reply = await this.client.request('POST', at('instances'), {
      query: spec.node !== null && this.facts?.clustered ? { target: spec.node } : {},
      body: {
        json: {
          name: spec.ref,
          type: spec.kind,
          source: { type: 'image', fingerprint: spec.image },
          profiles: this.options.profiles,
          config: { ...sizeConfig(spec.size), ...nic.config, [STAMP_KEY]: spec.stamp },
          devices: {
            root: { type: 'disk', path: '/', pool: spec.storagePool, ...diskSize(spec.size) },
            eth0: { ...nic.device, ...bandwidth(spec.size) },
          },
        },
      },
    })
    return this.tasks.started(reply, spec.ref, wanted)
  }

  async power(ref: string, action: PowerAction): Promise<RemoteTask> {
    const instance = await this.readOrFail(ref)
    const power = powerOf(instance)
    const isDown = instance.status === 'Stopped'
    switch (action) {
      case 'start':
        if (power === 'running') return this.alreadyRunning(ref)
        return this.change(ref, power === 'frozen' ? 'unfreeze' : 'start', { is: 'running' })
      case 'stop':
        if (isDown) return this.tasks.over(ref, { is: 'stopped' })
        // A frozen guest cannot hear that it should stop.
        if (power === 'frozen') return this.change(ref, 'stop', { is: 'stopped' }, { force: true })
        return this.change(ref, 'stop', { is: 'stopped' })
      case 'force_stop':
        if (isDown) return this.tasks.over(ref, { is: 'stopped' })
        return this.change(ref, 'stop', { is: 'stopped' }, { force: true })
      case 'restart': {
        const wanted: WantedState = { is: 'restarted', startedBefore: startedAt(instance) }
        if (isDown) return this.change(ref, 'start', wanted)
        return this.change(ref, 'restart', wanted, { force: power === 'frozen' })
      }
    }
  }

  async resize(ref: string, size: Size): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'sized', size }
    requireName(ref)
    const reply = await this.client.find(at('instances', ref))
    if (reply === null) throw noSuchInstance(ref)
    const instance = parseInstance(reply.metadata)
    const current = sizeOfInstance(instance)
    if (isSameSize(current, size)) return this.tasks.over(ref, wanted)
    requireGrowth(current, size)
    const changed = await this.client.request('PATCH', at('instances', ref), {
      headers: reply.etag ? { 'if-match': reply.etag } : {},
      body: { json: { config: sizeConfig(size), devices: sizedDevices(instance, size) } },
    })
    return this.tasks.started(changed, ref, wanted)
  }

  async destroy(ref: string, stamp: string): Promise<RemoteTask> {
    requireName(ref)
    const wanted: WantedState = { is: 'absent', stamp }
    // Asked first: a create that has just begun has an operation, but no row yet.
    const [running] = await this.tasks.runningOn(ref)
    const instance = await this.tasks.read(ref)
    if (instance) requireStamp(instance, stamp)
    // What is going on is followed to its end first; poll removes what it leaves.
    if (running) return { id: running.id, ref, wanted }
    if (instance === null) return this.tasks.over(ref, wanted)
    return this.tasks.started(await this.tasks.startRemoving(instance), ref, wanted)
  }

  private toRemote(instance: LxdInstance): RemoteInstance {
    return toRemoteInstance(
      instance,
      this.facts?.clustered ? null : (this.facts?.serverName ?? null)
    )
  }

  private async readOrFail(ref: string): Promise<LxdInstance> {
    requireName(ref)
    const instance = await this.tasks.read(ref)
    if (instance === null) throw noSuchInstance(ref)
    return instance
  }

  /** It also reads as running while it is on its way down; then it is not yet time to start it. */
  private async alreadyRunning(ref: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'running' }
    const [task] = await this.tasks.runningOn(ref)
    if (!task) return this.tasks.over(ref, wanted)
    if (STARTING.has(task.description)) return { id: task.id, ref, wanted }
    throw busy(task)
  }

  private async change(
    ref: string,
    action: string,
    wanted: WantedState,
    { force = false } = {}
  ): Promise<RemoteTask> {
    const reply = await this.client.request('PUT', at('instances', ref, 'state'), {
      body: { json: { action, force, timeout: this.options.stopSeconds } },
    })
    return this.tasks.started(reply, ref, wanted)
  }

  /** Removes what a create left that a restart of the server cut off. */
  private async discard(ref: string): Promise<void> {
    const { operationId } = await this.client.request('DELETE', at('instances', ref))
    if (operationId === null) return
    await this.client.find(at('operations', operationId, 'wait'), {
      query: { timeout: String(DISCARD_MS / 1_000) },
      timeoutMs: DISCARD_MS + 5_000,
    })
    if ((await this.tasks.read(ref)) !== null) {
      throw new DriverError('busy', 'a half made instance of the same name is not gone yet')
    }
  }
}

const STARTING = new Set(['Starting instance', 'Restarting instance', 'Unfreezing instance'])

/** LXD's rule; it is asked here because to LXD an empty name means "invent one". */
function isName(ref: string): boolean {
  return /^[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(ref)
}

export function requireName(ref: string): void {
  if (isName(ref)) return
  throw new DriverError(
    'invalid',
    'a name has 1 to 63 letters, digits and hyphens, begins with a letter and does not end with a hyphen'
  )
}

/**
 * LXD would try, and on btrfs it would leave the guest unusable: it sets the lower limit first, and under
 * a limit that is exceeded neither the guest nor LXD can write there any more, not even to lift it. What is
 * on the disk is not known well enough to decide, for it is counted only when it is committed.
 */
function requireGrowth(from: Size, to: Size): void {
  const isUnlimited = from.diskGib === 0
  if (to.diskGib === from.diskGib || (to.diskGib > from.diskGib && !isUnlimited)) return
  throw new DriverError('invalid', 'a disk cannot become smaller')
}

/** PATCH replaces a device as a whole, so each is sent with all it has. */
function sizedDevices(instance: LxdInstance, size: Size): LxdDevices {
  const devices: LxdDevices = {}
  const root = rootDevice(instance)
  if (sizeOfInstance(instance).diskGib !== size.diskGib) {
    devices[root.name] = { ...root.device, ...diskSize(size) }
  }
  const first = firstNic(instance)
  const cards = furtherCards(instance)
  if (first) cards.push([first.name, first.device])
  for (const [name, device] of cards) {
    const unlimited = Object.entries(device).filter(([key]) => !BANDWIDTH_KEYS.has(key))
    devices[name] = { ...Object.fromEntries(unlimited), ...bandwidth(size) }
  }
  return devices
}

const BANDWIDTH_KEYS = new Set(['limits.ingress', 'limits.egress', 'limits.max'])

export function busy({ description }: RunningTask): DriverError {
  return new DriverError('busy', `another task holds the instance: ${description}`)
}

export function noSuchInstance(ref: string): DriverError {
  return new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}
