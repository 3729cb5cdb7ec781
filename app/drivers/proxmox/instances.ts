import type {
  InstanceApi,
  InstanceSpec,
  PowerAction,
  RemoteInstance,
  RemoteTask,
  Size,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { text } from '#drivers/json'
import { at, type Parameters, type ProxmoxClient } from '#drivers/proxmox/client'
import { notOurs } from '#drivers/proxmox/errors'
import {
  addressKeys,
  assignedTo,
  bridgeOf,
  cardOf,
  cardText,
  powerOf,
  rateOf,
  requireStamp,
  sizeOf,
  stampTag,
  toRemoteInstance,
  type ProxmoxGuest,
} from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxPlacement } from '#drivers/proxmox/placement'
import type { ProxmoxTasks, RunningTask } from '#drivers/proxmox/tasks'
import { isSameSize } from '#drivers/sizes'

export type ProxmoxOptions = {
  /** How long a guest that was asked to stop is waited for. */
  stopSeconds: number
  swapMib: number
  /** Containers inside, and what systemd needs of the same kind. */
  nesting: boolean
  startsOnBoot: boolean
}

const STARTING = new Set(['vzstart', 'vzreboot'])

export class ProxmoxInstances implements InstanceApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks,
    private readonly placement: ProxmoxPlacement,
    private readonly options: ProxmoxOptions
  ) {}

  async find(ref: string): Promise<RemoteInstance | null> {
    const guest = await this.guests.read(ref)
    return guest && this.guests.remote(guest)
  }

  /** One question a node and one a guest: limits stand in its configuration only. Addresses are those it was given. */
  async *list(): AsyncGenerator<RemoteInstance> {
    for await (const guest of this.guests.all()) {
      yield toRemoteInstance(guest, guest.isRunning ? assignedTo(guest) : [])
    }
  }

  async create(spec: InstanceSpec): Promise<RemoteTask> {
    requireNumber(spec.ref)
    const wanted: WantedState = { is: 'present', stamp: spec.stamp }
    const asked = this.paramsOf(spec)
    const existing = await this.existing(spec, wanted)
    if (existing) return existing
    const node = await this.placement.nodeFor(spec)
    try {
      const { data } = await this.client.request('POST', at('nodes', node, 'lxc'), asked)
      return this.tasks.started(data, spec.ref, wanted)
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      // Somebody was quicker, perhaps another worker of ours; or the answer was lost after it was done.
      if (error.kind !== 'already_exists' && error.kind !== 'timeout') throw error
      const twin = await this.existing(spec, wanted)
      if (twin) return twin
      throw error
    }
  }

  async power(ref: string, action: PowerAction): Promise<RemoteTask> {
    const guest = await this.readOurs(ref)
    const isRunning = powerOf(guest) === 'running'
    const timeout = this.options.stopSeconds
    switch (action) {
      case 'start':
        if (isRunning) return this.alreadyRunning(guest)
        return this.change(guest, 'start', { is: 'running' })
      case 'stop':
        if (!isRunning) return this.tasks.over(ref, { is: 'stopped' })
        return this.change(guest, 'shutdown', { is: 'stopped' }, { timeout, forceStop: false })
      case 'force_stop':
        if (!isRunning) return this.tasks.over(ref, { is: 'stopped' })
        return this.change(guest, 'stop', { is: 'stopped' }, { 'overrule-shutdown': true })
      case 'restart': {
        const wanted: WantedState = { is: 'restarted', startedBefore: guest.startedAt }
        if (!isRunning) return this.change(guest, 'start', wanted)
        return this.change(guest, 'reboot', wanted, { timeout })
      }
    }
  }

  /** Limits are written at once; the disk grows in a task of its own. */
  async resize(ref: string, size: Size): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'sized', size }
    const guest = await this.readOurs(ref)
    const current = sizeOf(guest)
    if (isSameSize(current, size)) return this.tasks.over(ref, wanted)
    if (size.diskGib < current.diskGib) {
      throw new DriverError('invalid', 'a disk only grows')
    }
    await this.tasks.configure(guest, {
      cores: size.cpus,
      memory: size.memoryMib,
      ...cardOfSize(guest, size),
    })
    if (size.diskGib === current.diskGib) return this.tasks.over(ref, wanted)
    const path = at('nodes', guest.node, 'lxc', ref, 'resize')
    const { data } = await this.client.request('PUT', path, {
      disk: 'rootfs',
      size: `${size.diskGib}G`,
    })
    return this.tasks.started(data, ref, wanted)
  }

  async destroy(ref: string, stamp: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'absent', stamp }
    const { guest, running } = await this.tasks.guestWithTasks(ref)
    if (!guest) return this.tasks.over(ref, wanted)
    const own = running.find((task) => this.isMadeFor(guest, stamp, task))
    if (!own) requireStamp(guest, stamp)
    const [going] = own ? [own] : running
    // What is going on is followed to its end first; poll removes what it leaves.
    if (going) return { id: going.id, ref, wanted }
    try {
      return this.tasks.started(await this.tasks.startRemoving(guest), ref, wanted)
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      if (error.kind === 'not_found') return this.tasks.over(ref, wanted)
      const [twin] = await this.tasks.runningOn(guest.node, ref)
      if (twin) return { id: twin.id, ref, wanted }
      if (error.kind === 'busy' && !(await this.guests.read(ref))) {
        return this.tasks.over(ref, wanted)
      }
      throw error
    }
  }

  /** What stands under the number already; null: nothing. @throws DriverError already_exists, busy */
  private async existing(spec: InstanceSpec, wanted: WantedState): Promise<RemoteTask | null> {
    const { guest, running } = await this.tasks.guestWithTasks(spec.ref)
    if (!guest) return null
    const create = running.find((task) => this.isMadeFor(guest, spec.stamp, task))
    if (create) return { id: create.id, ref: spec.ref, wanted }
    requireStamp(guest, spec.stamp)
    const [other] = running
    if (other) throw busy(other)
    // Cut off in the middle; no call of the API can lift that lock.
    if (guest.lock === 'create') {
      throw new DriverError(
        'busy',
        `${spec.ref} was left half made when its node stopped: run "pct unlock ${spec.ref}" there`
      )
    }
    return this.tasks.over(spec.ref, wanted)
  }

  /** While it is made, a guest carries no stamp yet: the task's owner tells whose it is. */
  private isMadeFor({ stamp, lock }: ProxmoxGuest, wanted: string, task: RunningTask): boolean {
    if (!this.tasks.isOurCreate(task)) return false
    return stamp === wanted || (stamp === null && lock === 'create')
  }

  private async readOurs(ref: string): Promise<ProxmoxGuest> {
    const guest = await this.guests.readOrFail(ref)
    if (guest.kind !== 'container') throw notOurs(ref)
    return guest
  }

  /** It also reads as running while it is on its way down; then it is not yet time to start it. */
  private async alreadyRunning({ node, ref }: ProxmoxGuest): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'running' }
    const [task] = await this.tasks.runningOn(node, ref)
    if (!task) return this.tasks.over(ref, wanted)
    if (STARTING.has(task.type)) return { id: task.id, ref, wanted }
    throw busy(task)
  }

  private async change(
    { node, ref }: ProxmoxGuest,
    action: 'start' | 'stop' | 'shutdown' | 'reboot',
    wanted: WantedState,
    parameters: Parameters = {}
  ): Promise<RemoteTask> {
    const path = at('nodes', node, 'lxc', ref, 'status', action)
    try {
      const { data } = await this.client.request('POST', path, parameters)
      return this.tasks.started(data, ref, wanted)
    } catch (error) {
      // It went up or down by itself since we looked.
      if (!(error instanceof DriverError)) throw error
      const power = wanted.is === 'stopped' ? 'stopped' : 'running'
      const after = await this.guests.readOrFail(ref)
      if (wanted.is !== 'restarted' && powerOf(after) === power) return this.tasks.over(ref, wanted)
      throw error
    }
  }

  private paramsOf(spec: InstanceSpec): Parameters {
    if (spec.kind !== 'container') {
      throw new DriverError('unsupported', 'only containers are made on Proxmox VE')
    }
    const { nesting } = this.options
    return {
      'vmid': spec.ref,
      'ostemplate': spec.image,
      'unprivileged': true,
      'rootfs': `${spec.storagePool}:${spec.size.diskGib}`,
      'features': nesting ? 'nesting=1' : undefined,
      'password': spec.access?.rootPassword,
      'ssh-public-keys': spec.access?.sshKeys.join('\n') || undefined,
      ...configOf(spec, this.options),
    }
  }
}

/** What an instance is apart from its disk: whose it is, its limits and its card. */
export function configOf(
  spec: InstanceSpec,
  { startsOnBoot, swapMib }: Pick<ProxmoxOptions, 'startsOnBoot' | 'swapMib'>
): Parameters {
  const { bridge, tag } = bridgeOf(spec.network)
  const card = new Map<string, string>([
    ['name', 'eth0'],
    ['bridge', bridge],
  ])
  for (const [key, value] of Object.entries(addressKeys(spec.addresses))) card.set(key, value)
  const rate = rateOf(spec.size)
  if (tag !== null) card.set('tag', tag)
  if (rate !== null) card.set('rate', rate)
  if (spec.macAddress !== null) card.set('hwaddr', spec.macAddress.toUpperCase())
  return {
    hostname: `pt-${spec.stamp}`,
    tags: stampTag(spec.stamp),
    cores: spec.size.cpus,
    memory: spec.size.memoryMib,
    swap: swapMib,
    net0: cardText(card),
    nameserver: spec.nameservers.join(' ') || undefined,
    onboot: startsOnBoot,
  }
}

/** With the rate of that size; a guest without a card has none to limit. */
function cardOfSize({ config }: ProxmoxGuest, size: Size): Parameters {
  const rate = rateOf(size)
  if (text(config.net0) === null) return {}
  const card = cardOf(config)
  if (rate === null) card.delete('rate')
  else card.set('rate', rate)
  return { net0: cardText(card) }
}

export function requireNumber(ref: string): void {
  if (/^[1-9]\d{2,8}$/.test(ref)) return
  throw new DriverError('invalid', 'an instance of Proxmox VE is called by a number from 100 on')
}

export function busy({ type }: RunningTask): DriverError {
  return new DriverError('busy', `the cluster is busy with the instance (${type})`)
}
