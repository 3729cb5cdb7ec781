import type { MovesApi, RemoteTask, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, text } from '#drivers/json'
import { at, type LxdClient, type LxdReply } from '#drivers/lxd/client'
import { parseInstance, requireStamp, type LxdInstance } from '#drivers/lxd/instance'
import { busy, noSuchInstance, requireName } from '#drivers/lxd/instances'
import { MOVING, type LxdTasks } from '#drivers/lxd/tasks'

/** What LXD calls the copy on the new member until the old one is gone. */
const COPY = 'lxd-move-of-'
const WAIT_SECONDS = 60

/**
 * Between the members of an LXD cluster. LXD copies under a name of its own, removes the old one and gives the copy
 * its name; a daemon that dies in between leaves both, or the copy alone.
 */
export class LxdMoves implements MovesApi {
  constructor(
    private readonly client: LxdClient,
    private readonly tasks: LxdTasks
  ) {}

  async move(ref: string, stamp: string, node: string): Promise<RemoteTask> {
    requireName(ref)
    const wanted: WantedState = { is: 'moved', node }
    const [running] = await this.tasks.runningOn(ref)
    const instance = await this.tasks.read(ref)
    if (instance) requireStamp(instance, stamp)
    if (running?.description === MOVING) return { id: running.id, ref, wanted }
    if (running) throw busy(running)
    const copies = await this.copiesOf(stamp)
    if (!instance) {
      await this.finish(ref, copies)
      return this.move(ref, stamp, node)
    }
    for (const copy of copies) await this.remove(at('instances', copy.ref))
    if (instance.location === node) return this.tasks.over(ref, wanted)
    if (instance.status !== 'Stopped') throw new DriverError('invalid', 'the instance runs')
    await this.dropArchives(ref)
    const reply = await this.client.request('POST', at('instances', ref), {
      query: { target: node },
      body: { json: { name: ref, migration: true, live: false } },
    })
    return this.tasks.started(reply, ref, wanted)
  }

  /** The old one is gone already: its copy takes its name. */
  private async finish(ref: string, [copy]: LxdInstance[]): Promise<void> {
    if (!copy) throw noSuchInstance(ref)
    const reply = await this.client.request('POST', at('instances', copy.ref), {
      body: { json: { name: ref } },
    })
    await this.ended(reply)
    if (!(await this.tasks.read(ref))) {
      throw new DriverError('busy', 'the copy of an earlier move has not got its name yet')
    }
  }

  private async copiesOf(stamp: string): Promise<LxdInstance[]> {
    const { metadata } = await this.client.get(at('instances'), { query: { recursion: '1' } })
    return list(metadata)
      .map(parseInstance)
      .filter((instance) => instance.ref.startsWith(COPY) && instance.stamp === stamp)
  }

  /** LXD moves none that has archives; whoever packed them has fetched them, or packs again. */
  private async dropArchives(ref: string): Promise<void> {
    const { metadata } = await this.client.get(at('instances', ref, 'backups'))
    for (const path of list(metadata).map(text)) {
      const name = path?.split('?')[0]!.split('/').at(-1)
      if (name) await this.remove(at('instances', ref, 'backups', decodeURIComponent(name)))
    }
  }

  private async remove(path: string): Promise<void> {
    await this.ended(await this.client.request('DELETE', path))
  }

  private async ended({ operationId }: LxdReply): Promise<void> {
    if (operationId === null) return
    await this.client.find(at('operations', operationId, 'wait'), {
      query: { timeout: String(WAIT_SECONDS) },
      timeoutMs: (WAIT_SECONDS + 5) * 1_000,
    })
  }
}
