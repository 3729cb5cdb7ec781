import type { CardSpec, InterfacesApi, RemoteTask } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import { cardsOfRow, findRow, giveCards, type InstanceRow } from '#drivers/fake/instance'
import { busy, over, type FakeInstances } from '#drivers/fake/instances'
import type { FakeTasks } from '#drivers/fake/tasks'

/** There at once: a card is plugged in or out in no time. */
export class FakeInterfaces implements InterfacesApi {
  constructor(
    private readonly answers: FakeAnswers,
    private readonly tasks: FakeTasks,
    private readonly instances: FakeInstances
  ) {}

  list(ref: string): Promise<Pick<CardSpec, 'name' | 'network' | 'macAddress'>[]> {
    return this.answers.give('cards', ref, ({ file }) => {
      const row = findRow(file, ref)
      if (!row) throw noSuchInstance(ref)
      return cardsOfRow(row).map(({ name, network, macAddress }) => ({ name, network, macAddress }))
    })
  }

  attach(ref: string, stamp: string, card: CardSpec): Promise<RemoteTask> {
    return this.answers.change('attach', ref, ({ file }) => {
      const row = this.instances.existing(ref, stamp)
      if (!row) throw noSuchInstance(ref)
      this.instances.requireNetwork(card.network)
      this.requireIdle(row)
      giveCards(file, ref, [...others(row, card.name), card])
      return over(ref, { is: 'attached', card: card.name })
    })
  }

  detach(ref: string, stamp: string, name: string): Promise<RemoteTask> {
    return this.answers.change('detach', ref, ({ file }) => {
      const row = this.instances.existing(ref, stamp)
      if (row) {
        this.requireIdle(row)
        giveCards(file, ref, others(row, name))
      }
      return over(ref, { is: 'detached', card: name })
    })
  }

  private requireIdle({ ref }: InstanceRow): void {
    const running = this.tasks.runningOn(ref)
    if (running) throw busy(running.deed)
  }
}

const others = (row: InstanceRow, name: string): CardSpec[] =>
  cardsOfRow(row).filter((card) => card.name !== name)

function noSuchInstance(ref: string): DriverError {
  return new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}
