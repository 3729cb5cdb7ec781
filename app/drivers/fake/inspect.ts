import type { InspectApi, InspectedGuest, SpecAddress } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import type { FakeFile } from '#drivers/fake/file'
import {
  findRow,
  foundCards,
  giveAddresses,
  toRemoteInstance,
  type InstanceRow,
} from '#drivers/fake/instance'

export class FakeInspect implements InspectApi {
  constructor(private readonly answers: FakeAnswers) {}

  guests(): Promise<InspectedGuest[]> {
    return this.answers.give('inspect', null, ({ file, options }) =>
      file
        .all<InstanceRow>('SELECT * FROM instances ORDER BY ref')
        .map((row) => toGuest(row, options.bootMs))
    )
  }

  restamp(ref: string, from: string | null, to: string | null): Promise<void> {
    return this.answers.change('restamp', ref, ({ file }) => {
      const { stamp } = rowOrFail(file, ref)
      if (stamp === to) return
      if (stamp !== from) throw notOurs(ref)
      file.run('UPDATE instances SET stamp = ? WHERE ref = ?', to, ref)
    })
  }

  assign(ref: string, stamp: string, addresses: SpecAddress[]): Promise<void> {
    return this.answers.change('assign', ref, ({ file }) => {
      if (rowOrFail(file, ref).stamp !== stamp) throw notOurs(ref)
      giveAddresses(file, ref, addresses)
    })
  }
}

function toGuest(row: InstanceRow, bootMs: number): InspectedGuest {
  return {
    ...toRemoteInstance(row, bootMs),
    assigned: (JSON.parse(row.addresses) as SpecAddress[]).map(({ family, address }) => ({
      family,
      address,
    })),
    network: null,
    cards: foundCards(row),
    image: null,
    createdAt: null,
  }
}

function rowOrFail(file: FakeFile, ref: string): InstanceRow {
  const row = findRow(file, ref)
  if (row) return row
  throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}

function notOurs(ref: string): DriverError {
  return new DriverError('already_exists', `${ref} exists on this cluster and is not ours`)
}
