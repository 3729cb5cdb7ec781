import type { ClusterTask, ClusterTaskType, TaskListApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text, type Json } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { explain } from '#drivers/proxmox/errors'
import { numeric } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import { nodeOf } from '#drivers/proxmox/tasks'

const TYPES: Record<string, ClusterTaskType> = {
  vzcreate: 'create',
  vzrestore: 'restore',
  vzclone: 'copy',
  vzstart: 'start',
  hastart: 'start',
  vzstop: 'stop',
  vzshutdown: 'stop',
  hastop: 'stop',
  vzreboot: 'restart',
  vzdestroy: 'delete',
  vzsnapshot: 'snapshot',
  vzdelsnapshot: 'delete_snapshot',
  vzrollback: 'restore_snapshot',
  vzdump: 'backup',
  vzmigrate: 'move',
  hamigrate: 'move',
  resize: 'resize',
  vncproxy: 'console',
  termproxy: 'console',
}
/** With one of these another guest begins under the number. */
const BEGINNINGS = new Set<ClusterTaskType>(['create', 'restore', 'copy'])
const LONGEST_LOG = 1_000

/** What the cluster itself did with a guest: each node keeps a list of its own. */
export class ProxmoxTaskList implements TaskListApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly clockSkewMs: number
  ) {}

  async list(
    ref: string,
    { since, limit }: { since: string; limit: number }
  ): Promise<ClusterTask[]> {
    const begun = Math.floor((Date.parse(since) + this.clockSkewMs) / 1_000)
    const nodes = await this.guests.onlineNodes()
    const rows = await Promise.all(
      nodes.map(async (node) => {
        const { data } = await this.client.get(at('nodes', node, 'tasks'), {
          vmid: ref,
          source: 'all',
          since: begun,
          limit,
        })
        return list(data).map(record)
      })
    )
    const newestFirst = rows
      .flat()
      .map(taskOf)
      .toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt))
    // Told to the second, the end of the one before may look as late as its own beginning; its own end cannot.
    const own = newestFirst.filter(
      ({ type, startedAt }) => type !== 'delete' || Date.parse(startedAt) > (begun + 1) * 1_000
    )
    return ofTheLastGuest(own).slice(0, limit)
  }

  async log(ref: string, id: string): Promise<string[]> {
    const node = nodeOf(id)
    if (!node || numberIn(id) !== ref) throw noSuchTask()
    try {
      const { data } = await this.client.get(at('nodes', node, 'tasks', id, 'log'), {
        start: 0,
        limit: LONGEST_LOG,
      })
      return list(data).map((line) => text(record(line).t) ?? '')
    } catch (error) {
      if (error instanceof DriverError && error.kind === 'invalid') throw noSuchTask()
      throw error
    }
  }
}

/**
 * A number is given again as soon as it is free. Of the tasks since this guest was asked for, those before its own
 * beginning are about the one that had the number before.
 */
function ofTheLastGuest(newestFirst: ClusterTask[]): ClusterTask[] {
  const first = newestFirst.findLastIndex(({ type }) => BEGINNINGS.has(type))
  return first === -1 ? newestFirst : newestFirst.slice(0, first + 1)
}

function taskOf(row: Json): ClusterTask {
  const ended = numeric(row.endtime)
  const said = text(row.status) ?? ''
  const isGood = said === 'OK' || said.startsWith('WARNINGS')
  const vendorType = text(row.type) ?? ''
  return {
    id: text(row.upid) ?? '',
    type: TYPES[vendorType] ?? 'other',
    vendorType,
    state: ended === 0 ? 'running' : isGood ? 'succeeded' : 'failed',
    startedAt: moment(numeric(row.starttime)),
    endedAt: ended === 0 ? null : moment(ended),
    by: text(row.user),
    node: text(row.node),
    reason: ended === 0 || isGood ? null : explain(said).reason,
  }
}

function moment(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}

/** The seventh part of a UPID. */
function numberIn(upid: string): string {
  return upid.split(':')[6] ?? ''
}

function noSuchTask(): DriverError {
  return new DriverError('not_found', 'the instance has no such task on the cluster')
}
