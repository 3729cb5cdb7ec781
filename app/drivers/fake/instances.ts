import { randomBytes } from 'node:crypto'
import type {
  InstanceApi,
  InstanceSpec,
  PowerAction,
  RemoteInstance,
  RemoteTask,
  Size,
  SpecAddress,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import {
  findRow,
  isoTime,
  leaseAll,
  sizeOfRow,
  toRemoteInstance,
  type InstanceRow,
} from '#drivers/fake/instance'
import { isSameSize } from '#drivers/sizes'
import { addLoad, removeInstance, type FakeTasks } from '#drivers/fake/tasks'

const PAGE = 500

export class FakeInstances implements InstanceApi {
  constructor(
    private readonly answers: FakeAnswers,
    private readonly tasks: FakeTasks
  ) {}

  find(ref: string): Promise<RemoteInstance | null> {
    return this.answers.give('find', ref, ({ file, options }) => {
      const row = findRow(file, ref)
      return row && toRemoteInstance(row, options.bootMs)
    })
  }

  async *list(): AsyncGenerator<RemoteInstance> {
    let after = ''
    while (true) {
      const page = await this.answers.give('list', null, ({ file, options }) =>
        file
          .all<InstanceRow>(
            `SELECT * FROM instances WHERE ref > ? ORDER BY ref LIMIT ${PAGE}`,
            after
          )
          .map((row) => toRemoteInstance(row, options.bootMs))
      )
      yield* page
      if (page.length < PAGE) return
      after = page.at(-1)!.ref
    }
  }

  create(spec: InstanceSpec): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'present', stamp: spec.stamp }
    return this.answers.change('create', spec.ref, ({ options }) => {
      requireName(spec.ref)
      this.requireParts(spec)
      const existing = this.existing(spec.ref, spec.stamp)
      if (existing) {
        const running = this.tasks.runningOn(spec.ref)
        if (running?.deed === 'destroy') throw busy('destroy')
        if (running) return { id: running.id, ref: spec.ref, wanted }
        if (existing.made) return over(spec.ref, wanted)
        removeInstance(this.answers.file, existing)
      }
      this.insert(spec, this.chooseNode(spec))
      return this.tasks.begin('create', spec.ref, wanted, { durationMs: options.createMs })
    })
  }

  power(ref: string, action: PowerAction): Promise<RemoteTask> {
    return this.answers.change(action, ref, ({ options }) => {
      const row = this.rowOrFail(ref)
      const wanted = wantedBy(action, row)
      const running = this.tasks.runningOn(ref)
      if (running?.deed === action) return { id: running.id, ref, wanted }
      if (running?.deed === 'stop' && action === 'force_stop') this.tasks.supersede(running)
      else if (running) throw busy(running.deed)
      if (!row.made) throw new DriverError('invalid', `${ref} was not made to its end`)
      if (wanted.is !== 'restarted' && row.power === wanted.is) return over(ref, wanted)
      const asksGuest = action === 'stop' || (action === 'restart' && row.power === 'running')
      const isDeaf = asksGuest && row.ignores_stop === 1
      return this.tasks.begin(action, ref, wanted, {
        durationMs: isDeaf ? options.stopMs : options.powerMs,
        failure: isDeaf
          ? { kind: 'task_failed', reason: 'the guest did not shut down in time' }
          : this.addressConflict(row, action),
      })
    })
  }

  resize(ref: string, size: Size): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'sized', size }
    return this.answers.change('resize', ref, ({ options }) => {
      const row = this.rowOrFail(ref)
      const running = this.tasks.runningOn(ref)
      if (running) throw busy(running.deed)
      if (isSameSize(sizeOfRow(row), size)) return over(ref, wanted)
      if (size.diskGib < row.disk_gib) {
        throw new DriverError('invalid', 'a disk cannot become smaller')
      }
      this.requireRoom(row.node, size.memoryMib - row.memory_mib, size.diskGib - row.disk_gib)
      return this.tasks.begin('resize', ref, wanted, { durationMs: options.resizeMs, size })
    })
  }

  destroy(ref: string, stamp: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'absent', stamp }
    return this.answers.change('destroy', ref, ({ options }) => {
      const row = this.existing(ref, stamp)
      if (!row) return over(ref, wanted)
      const running = this.tasks.runningOn(ref)
      if (running?.deed === 'destroy') return { id: running.id, ref, wanted }
      if (running) this.tasks.supersede(running)
      const stopMs = row.power === 'stopped' ? 0 : options.powerMs
      return this.tasks.begin('destroy', ref, wanted, { durationMs: stopMs + options.destroyMs })
    })
  }

  /** Gives its addresses free, or takes them again; there at once. */
  retire(ref: string, stamp: string, retired: boolean): RemoteTask {
    const { file } = this.answers
    const wanted: WantedState = { is: retired ? 'retired' : 'recalled' }
    const row = this.existing(ref, stamp)
    if (row === null || (row.retired === 1) === retired) return over(ref, wanted)
    const running = this.tasks.runningOn(ref)
    if (running) throw busy(running.deed)
    if (retired && row.power !== 'stopped') throw new DriverError('invalid', `${ref} runs`)
    file.run('UPDATE instances SET retired = ? WHERE ref = ?', Number(retired), ref)
    leaseAll(file, ref)
    return over(ref, wanted)
  }

  existing(ref: string, stamp: string): InstanceRow | null {
    const row = findRow(this.answers.file, ref)
    if (row === null || row.stamp === stamp) return row
    throw new DriverError('already_exists', `${ref} exists on this cluster and is not ours`)
  }

  private rowOrFail(ref: string): InstanceRow {
    const row = findRow(this.answers.file, ref)
    if (row) return row
    throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
  }

  private requireParts(spec: InstanceSpec): void {
    if (!this.answers.file.get('SELECT 1 FROM images WHERE ref = ?', spec.image)) {
      throw new DriverError('not_found', 'the image is not on this cluster')
    }
    this.requirePlace(spec)
  }

  requirePlace({ storagePool, network }: InstanceSpec): void {
    const { file } = this.answers
    if (!file.get('SELECT 1 FROM storage_pools WHERE name = ?', storagePool)) {
      throw new DriverError('not_found', `there is no storage pool ${storagePool} on this cluster`)
    }
    this.requireNetwork(network)
  }

  requireNetwork(name: string): void {
    if (this.answers.file.get('SELECT 1 FROM networks WHERE name = ?', name)) return
    throw new DriverError('not_found', `there is no network ${name} on this cluster`)
  }

  chooseNode({ node, size }: InstanceSpec): string {
    const fitting = this.answers.file.get<{ name: string }>(
      `SELECT name FROM nodes WHERE online = 1 AND (? IS NULL OR name = ?)
       AND memory_mib - memory_used_mib >= ? AND disk_gib - disk_used_gib >= ?
       ORDER BY memory_mib - memory_used_mib DESC, name LIMIT 1`,
      node,
      node,
      size.memoryMib,
      size.diskGib
    )
    if (fitting) return fitting.name
    throw new DriverError('out_of_capacity', 'no node of this cluster has room for it')
  }

  requireRoom(node: string, memoryMib: number, diskGib: number): void {
    const fits = this.answers.file.get(
      `SELECT 1 FROM nodes WHERE name = ? AND (? <= 0 OR memory_mib - memory_used_mib >= ?)
       AND (? <= 0 OR disk_gib - disk_used_gib >= ?)`,
      node,
      memoryMib,
      memoryMib,
      diskGib,
      diskGib
    )
    if (!fits) throw new DriverError('out_of_capacity', `node ${node} has no room for it`)
  }

  insert(spec: InstanceSpec, node: string): void {
    const { file } = this.answers
    file.run(
      `INSERT INTO instances (ref, stamp, node, kind, made, power, cpus, memory_mib, disk_gib,
         ingress_mbps, egress_mbps, mac_address, addresses)
       VALUES (?, ?, ?, ?, 0, 'stopped', ?, ?, ?, ?, ?, ?, ?)`,
      spec.ref,
      spec.stamp,
      node,
      spec.kind,
      spec.size.cpus,
      spec.size.memoryMib,
      spec.size.diskGib,
      spec.size.ingressMbps,
      spec.size.egressMbps,
      spec.macAddress ?? randomMac(),
      JSON.stringify(spec.addresses)
    )
    this.lease(spec.ref, spec.addresses)
    addLoad(file, node, spec.size.memoryMib, spec.size.diskGib)
  }

  private lease(ref: string, addresses: SpecAddress[]): void {
    for (const { address } of addresses) {
      this.answers.file.run('INSERT INTO leases (address, ref) VALUES (?, ?)', address, ref)
    }
  }

  /** As real clusters do, it lets two instances be made with one address, and starts neither. */
  private addressConflict({ ref }: InstanceRow, action: PowerAction) {
    if (action !== 'start' && action !== 'restart') return null
    const taken = this.answers.file.get<{ address: string }>(
      `SELECT own.address FROM leases own JOIN leases other
       ON other.address = own.address AND other.ref <> own.ref WHERE own.ref = ? LIMIT 1`,
      ref
    )
    if (!taken) return null
    return {
      kind: 'already_exists' as const,
      reason: `address ${taken.address} belongs to another instance`,
    }
  }
}

function wantedBy(action: PowerAction, row: InstanceRow): WantedState {
  switch (action) {
    case 'start':
      return { is: 'running' }
    case 'stop':
    case 'force_stop':
      return { is: 'stopped' }
    case 'restart':
      return { is: 'restarted', startedBefore: isoTime(row.started_at) }
  }
}

export function over(ref: string, wanted: WantedState): RemoteTask {
  return { id: null, ref, wanted }
}

export function busy(deed: string): DriverError {
  return new DriverError('busy', `another task holds the instance: ${deed}`)
}

function requireName(ref: string): void {
  if (/^[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(ref)) return
  throw new DriverError('invalid', 'a name has 1 to 63 letters, digits and hyphens')
}

/** In the range that is everybody's to use. */
export function randomMac(): string {
  const [a, b, c] = randomBytes(3)
  return ['00', '16', '3e', ...[a, b, c].map((byte) => byte.toString(16).padStart(2, '0'))].join(
    ':'
  )
}
