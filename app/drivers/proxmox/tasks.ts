import { setTimeout as sleep } from 'node:timers/promises'
import type { PollOptions, RemoteTask, TaskStatus, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import type { ProxmoxArchives } from '#drivers/proxmox/archives'
import { at, type Parameters, type ProxmoxClient } from '#drivers/proxmox/client'
import { explain } from '#drivers/proxmox/errors'
import {
  cardOf,
  cardText,
  keptCard,
  powerOf,
  sizeOf,
  type ProxmoxGuest,
} from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import { snapshotsOf } from '#drivers/proxmox/snapshots'
import { isSameSize } from '#drivers/sizes'

export type RunningTask = { id: string; type: string; user: string }

type Followed = { state: 'running' } | { state: 'succeeded' } | { state: 'failed'; said: string }

/** Of these the end of the task says too little: something is left to do, or it may be another's. */
const JUDGED = new Set<WantedState['is']>(['absent', 'copied', 'archived'])
const SUCCEEDED: TaskStatus = { state: 'succeeded' }
const RUNNING: TaskStatus = { state: 'running' }
const UPID = /^UPID:([^:\s]+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\s]+:[^:\s]*:[^:\s]+:$/
/** Consoles run as tasks, too, and hold nothing up. */
const HARMLESS = new Set(['vncproxy', 'termproxy', 'vncshell', 'spiceproxy'])
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000
/** Starts are told to the second: only what differs by more is another one. */
const START_RESOLUTION_MS = 1_000

/** Tasks of the cluster: following them, and finding out what became of those it forgot. */
export class ProxmoxTasks {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly archives: ProxmoxArchives
  ) {}

  /** The cluster cannot hold an answer back: as long as may be waited, it is asked again and again. */
  async poll(task: RemoteTask, { waitMs = 0 }: PollOptions = {}): Promise<TaskStatus> {
    const until = Date.now() + waitMs
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      const status = await this.look(task)
      if (status.state !== 'running' || Date.now() + pauseMs > until) return status
      await sleep(pauseMs)
    }
  }

  started(upid: unknown, ref: string, wanted: WantedState): RemoteTask {
    return { id: text(upid), ref, wanted }
  }

  over(ref: string, wanted: WantedState): RemoteTask {
    return { id: null, ref, wanted }
  }

  /** What changes this guest right now. */
  runningOn(node: string, ref: string): Promise<RunningTask[]> {
    return this.active(node, { vmid: ref })
  }

  /**
   * A guest, and what changes it right now. Where nothing does any more the guest is read again: what ended
   * between the two questions has changed it.
   */
  async guestWithTasks(
    ref: string
  ): Promise<{ guest: ProxmoxGuest | null; running: RunningTask[] }> {
    const guest = await this.guests.read(ref)
    if (guest?.kind !== 'container') return { guest, running: [] }
    const running = await this.runningOn(guest.node, ref)
    return { guest: running.length > 0 ? guest : await this.guests.read(ref), running }
  }

  /** Something is copied on this node. */
  async isCopying(node: string): Promise<boolean> {
    const running = await this.active(node, { typefilter: 'vzclone' })
    return running.length > 0
  }

  private async active(node: string, filter: Parameters): Promise<RunningTask[]> {
    const { data } = await this.client.get(at('nodes', node, 'tasks'), {
      ...filter,
      source: 'active',
    })
    return list(data)
      .map(record)
      .filter(({ endtime, type }) => !endtime && !HARMLESS.has(text(type) ?? ''))
      .map((task) => ({
        id: text(task.upid) ?? '',
        type: text(task.type) ?? '',
        user: ownerOf(text(task.upid) ?? ''),
      }))
  }

  /** It makes this guest, and was begun by us: the stamp comes with the end of it. */
  isOurCreate(task: RunningTask): boolean {
    return this.isOurs(task, 'vzcreate') || this.isOurs(task, 'vzrestore')
  }

  isOurs({ type, user }: RunningTask, wanted: string): boolean {
    return type === wanted && user === this.client.user
  }

  /** Changes its configuration as it was read; one that somebody changed meanwhile is read and changed again. */
  async configure({ node, ref, digest }: ProxmoxGuest, changes: Parameters): Promise<void> {
    await this.client.request('PUT', at('nodes', node, 'lxc', ref, 'config'), {
      ...changes,
      digest: digest ?? undefined,
    })
  }

  /** What is left to do when the cluster's own task is over. */
  async finish(wanted: WantedState, guest: ProxmoxGuest): Promise<void> {
    if (wanted.is !== 'copied' || wanted.macAddress === null) return
    const card = cardOf(guest.config)
    const hwaddr = wanted.macAddress.toUpperCase()
    if (card.size === 0 || card.get('hwaddr')?.toUpperCase() === hwaddr) return
    // A copy is given an address of its own.
    await this.configure(guest, { net0: cardText(card.set('hwaddr', hwaddr)) })
  }

  async startRemoving({ node, ref }: ProxmoxGuest): Promise<string | null> {
    const { data } = await this.client.request('DELETE', at('nodes', node, 'lxc', ref), {
      'force': true,
      'purge': true,
      'destroy-unreferenced-disks': true,
    })
    return text(data)
  }

  async logOf(upid: string, limit = 50): Promise<string[]> {
    const { data } = await this.client.get(at('nodes', nodeOf(upid) ?? '', 'tasks', upid, 'log'), {
      start: 0,
      limit,
    })
    return list(data).map((line) => text(record(line).t) ?? '')
  }

  private async look(task: RemoteTask): Promise<TaskStatus> {
    if (task.id === null) return SUCCEEDED
    const followed = await this.follow(task.id)
    if (followed === null) return this.judge(task, null)
    if (followed.state === 'failed') return this.judge(task, followed.said)
    if (followed.state === 'succeeded' && JUDGED.has(task.wanted.is)) return this.judge(task, null)
    return followed
  }

  /** null: the cluster does not know it (any more). */
  private async follow(upid: string): Promise<Followed | null> {
    const node = nodeOf(upid)
    if (!node) return null
    let status
    try {
      const { data } = await this.client.get(at('nodes', node, 'tasks', upid, 'status'))
      status = record(data)
    } catch (error) {
      const isForgotten =
        error instanceof DriverError && (error.kind === 'invalid' || error.kind === 'not_found')
      if (isForgotten) return null
      throw error
    }
    if (status.status !== 'stopped') return { state: 'running' }
    const exit = text(status.exitstatus) ?? ''
    if (exit === 'OK' || exit.startsWith('WARNINGS')) return { state: 'succeeded' }
    return { state: 'failed', said: exit }
  }

  /** What the guest shows decides: a task may have failed for it was so already, or be lost with its node's memory. */
  private async judge({ ref, wanted }: RemoteTask, said: string | null): Promise<TaskStatus> {
    const { guest, running } = await this.guestWithTasks(ref)
    const [other] = running
    if (!other && guest && (await this.isFulfilled(wanted, guest))) {
      await this.finish(wanted, guest)
      return SUCCEEDED
    }
    if (!other && (await this.isFulfilled(wanted, guest))) return SUCCEEDED
    if (other) return RUNNING
    if (wanted.is === 'absent' && guest && said === null) return this.remove(guest)
    if (said !== null) return { state: 'failed', ...explain(said) }
    return {
      state: 'failed',
      kind: 'task_lost',
      reason: 'the cluster forgot the task and left it undone',
    }
  }

  private async remove(guest: ProxmoxGuest): Promise<TaskStatus> {
    try {
      await this.startRemoving(guest)
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      if (error.kind === 'not_found') return RUNNING
      return { state: 'failed', kind: error.kind, reason: error.message }
    }
    return RUNNING
  }

  private async isFulfilled(wanted: WantedState, guest: ProxmoxGuest | null): Promise<boolean> {
    if (wanted.is === 'absent') return guest === null || guest.stamp !== wanted.stamp
    if (wanted.is === 'archived' || wanted.is === 'unarchived') {
      return (await this.archives.has(wanted.archive)) === (wanted.is === 'archived')
    }
    if (guest === null) return ['unsnapshotted', 'retired', 'recalled'].includes(wanted.is)
    if (wanted.is === 'snapshotted' || wanted.is === 'unsnapshotted') {
      const snapshots = await snapshotsOf(this.client, guest)
      const isThere = snapshots.some(({ name }) => name === wanted.snapshot)
      return isThere === (wanted.is === 'snapshotted')
    }
    switch (wanted.is) {
      case 'present':
      case 'copied':
        return guest.stamp === wanted.stamp && guest.lock !== 'create'
      case 'retired':
        return keptCard(guest) !== null
      case 'recalled':
        return keptCard(guest) === null
      case 'moved':
        return guest.node === wanted.node && guest.lock === null
      case 'running':
        return powerOf(guest) === 'running'
      case 'stopped':
        return powerOf(guest) === 'stopped'
      case 'sized':
        return isSameSize(sizeOf(guest), wanted.size)
      case 'restarted': {
        const since = Date.parse(guest.startedAt ?? '')
        if (powerOf(guest) !== 'running') return false
        if (wanted.startedBefore === null) return true
        return since - Date.parse(wanted.startedBefore) > START_RESOLUTION_MS
      }
      default:
        return false
    }
  }
}

export function nodeOf(upid: string): string | null {
  return UPID.exec(upid)?.[1] ?? null
}

/** `root@pam` or `portico@pve!portal`: the eighth part, in which no colon can stand. */
function ownerOf(upid: string): string {
  return upid.split(':')[7] ?? ''
}
