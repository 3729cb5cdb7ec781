import type { RemoteSnapshot, RemoteTask, SnapshotApi, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { busy, noSuchInstance, requireName } from '#drivers/lxd/instances'
import type { LxdTasks } from '#drivers/lxd/tasks'

export class LxdSnapshots implements SnapshotApi {
  constructor(
    private readonly client: LxdClient,
    private readonly tasks: LxdTasks
  ) {}

  async list(ref: string): Promise<RemoteSnapshot[]> {
    requireName(ref)
    const reply = await this.client.find(at('instances', ref, 'snapshots'), {
      query: { recursion: '1' },
    })
    // Of an instance that is not there, LXD lists no snapshots instead of saying so.
    const snapshots = list(reply?.metadata).map(toRemoteSnapshot)
    if (snapshots.length === 0 && !(await this.tasks.read(ref))) throw noSuchInstance(ref)
    return snapshots.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''))
  }

  async create(ref: string, name: string): Promise<RemoteTask> {
    requireName(ref)
    requireSnapshotName(name)
    const wanted: WantedState = { is: 'snapshotted', snapshot: name }
    if (!(await this.tasks.read(ref))) throw noSuchInstance(ref)
    const [running] = await this.tasks.runningOn(ref)
    // It has a row before it is made to its end: only with nothing going on is it whole.
    if (running) throw busy(running)
    if (await this.tasks.hasSnapshot(ref, name)) return this.tasks.over(ref, wanted)
    const reply = await this.client.request('POST', at('instances', ref, 'snapshots'), {
      body: { json: { name, stateful: false } },
    })
    return this.tasks.started(reply, ref, wanted)
  }

  async restore(ref: string, name: string): Promise<RemoteTask> {
    requireName(ref)
    requireSnapshotName(name)
    if (!(await this.tasks.read(ref))) throw noSuchInstance(ref)
    const [running] = await this.tasks.runningOn(ref)
    if (running) throw busy(running)
    if (!(await this.tasks.hasSnapshot(ref, name))) {
      throw new DriverError('not_found', 'the instance has no such snapshot')
    }
    const reply = await this.client.request('PUT', at('instances', ref), {
      body: { json: { restore: name, stateful: false } },
    })
    return this.tasks.started(reply, ref, { is: 'restored', snapshot: name })
  }

  async remove(ref: string, name: string): Promise<RemoteTask> {
    requireName(ref)
    requireSnapshotName(name)
    const wanted: WantedState = { is: 'unsnapshotted', snapshot: name }
    if (!(await this.tasks.hasSnapshot(ref, name))) {
      await this.client.requireProject()
      return this.tasks.over(ref, wanted)
    }
    const path = at('instances', ref, 'snapshots', name)
    return this.tasks.started(await this.client.request('DELETE', path), ref, wanted)
  }
}

/** Stricter than LXD, which takes some names and fails with the words of btrfs. */
function requireSnapshotName(name: string): void {
  if (/^[a-zA-Z0-9][\w.-]{0,62}$/.test(name)) return
  throw new DriverError('invalid', 'a snapshot is called by letters, digits, dots and hyphens')
}

function toRemoteSnapshot(value: unknown): RemoteSnapshot {
  const snapshot = record(value)
  // `instance/snapshot` in some versions, the bare name in others.
  const name = (text(snapshot.name) ?? '').split('/').at(-1)!
  const createdAt = Date.parse(text(snapshot.created_at) ?? '')
  return { name, createdAt: createdAt > 0 ? new Date(createdAt).toISOString() : null }
}
