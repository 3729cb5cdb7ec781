import type { CardSpec, FoundCard, InterfacesApi, RemoteTask } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import {
  cardsOfRow,
  findRow,
  foundCards,
  giveCards,
  type FakeCard,
  type InstanceRow,
} from '#drivers/fake/instance'
import { busy, over, type FakeInstances } from '#drivers/fake/instances'
import type { FakeTasks } from '#drivers/fake/tasks'

/** There at once: a card is plugged in or out in no time. */
export class FakeInterfaces implements InterfacesApi {
  constructor(
    private readonly answers: FakeAnswers,
    private readonly tasks: FakeTasks,
    private readonly instances: FakeInstances
  ) {}

  list(ref: string): Promise<FoundCard[]> {
    return this.answers.give('cards', ref, ({ file }) => {
      const row = findRow(file, ref)
      if (!row) throw noSuchInstance(ref)
      return foundCards(row)
    })
  }

  attach(ref: string, stamp: string, card: CardSpec): Promise<RemoteTask> {
    return this.answers.change('attach', ref, ({ file }) => {
      const row = this.instances.existing(ref, stamp)
      if (!row) throw noSuchInstance(ref)
      this.instances.requireNetwork(card.network)
      requireOurs(row, card.name)
      this.requireIdle(row)
      this.requireFree(row, card)
      giveCards(file, ref, [...others(row, card.name), card])
      return over(ref, { is: 'attached', card: card.name })
    })
  }

  detach(
    ref: string,
    stamp: string,
    name: string,
    whose: 'ours' | 'anybody' = 'ours'
  ): Promise<RemoteTask> {
    return this.answers.change('detach', ref, ({ file }) => {
      const row = this.instances.existing(ref, stamp)
      if (row) {
        if (whose === 'ours') requireOurs(row, name)
        this.requireIdle(row)
        giveCards(file, ref, others(row, name))
      }
      return over(ref, { is: 'detached', card: name })
    })
  }

  /** Of two cards with one MAC address on a network the second is refused. */
  private requireFree({ ref }: InstanceRow, { macAddress, network }: CardSpec): void {
    const rows = this.answers.file.all<InstanceRow>(
      'SELECT * FROM instances WHERE ref <> ? AND retired = 0',
      ref
    )
    const isHeld = rows
      .flatMap(cardsOfRow)
      .some((card) => card.macAddress === macAddress && card.network === network)
    if (isHeld)
      throw new DriverError('already_exists', `another card has the address ${macAddress}`)
  }

  private requireIdle({ ref }: InstanceRow): void {
    const running = this.tasks.runningOn(ref)
    if (running) throw busy(running.deed)
  }
}

function requireOurs(row: InstanceRow, name: string): void {
  if (!cardsOfRow(row).some((card) => card.name === name && card.isForeign)) return
  throw new DriverError('already_exists', `card ${name} of the instance is not ours`)
}

const others = (row: InstanceRow, name: string): FakeCard[] =>
  cardsOfRow(row).filter((card) => card.name !== name)

function noSuchInstance(ref: string): DriverError {
  return new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}
