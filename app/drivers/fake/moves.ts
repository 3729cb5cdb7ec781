import type { MovesApi, RemoteTask, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import { busy, over, type FakeInstances } from '#drivers/fake/instances'
import type { FakeTasks } from '#drivers/fake/tasks'

export class FakeMoves implements MovesApi {
  constructor(
    private readonly answers: FakeAnswers,
    private readonly tasks: FakeTasks,
    private readonly instances: FakeInstances
  ) {}

  move(ref: string, stamp: string, node: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'moved', node }
    return this.answers.change('move', ref, ({ options }) => {
      const row = this.instances.existing(ref, stamp)
      if (!row) throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
      const running = this.tasks.runningOn(ref)
      if (running?.deed === 'move' && running.node === node) return { id: running.id, ref, wanted }
      if (running) throw busy(running.deed)
      if (row.node === node) return over(ref, wanted)
      if (row.power !== 'stopped') throw new DriverError('invalid', `${ref} runs`)
      this.requireNode(node)
      this.instances.requireRoom(node, row.memory_mib, row.disk_gib)
      return this.tasks.begin('move', ref, wanted, { durationMs: options.moveMs, node })
    })
  }

  private requireNode(name: string): void {
    const node = this.answers.file.get<{ online: number }>(
      'SELECT online FROM nodes WHERE name = ?',
      name
    )
    if (!node) throw new DriverError('not_found', `there is no node ${name} in this cluster`)
    if (!node.online) throw new DriverError('unreachable', `node ${name} does not answer`)
  }
}
