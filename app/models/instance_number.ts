import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { RefRange } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { transaction } from '#models/concerns/transaction'
import type Instance from '#models/instance'

/*
| Some clusters number their instances, and the number is one of ours to choose. An instance holds its number as
| its ref, and while it is built anew a second one as its spare: a number that stands in our table is leased to
| nobody else. That the cluster may have given it to somebody's guest in the meantime shows when the guest is to be
| made, and another number is taken then.
*/

const NUMBER = /^[1-9]\d*$/

/** Where a number is held. */
type Place = 'ref' | 'spareRef'

/** Has `make` make it under a number of its own. Without a range its ref is a name already. */
export async function numbered(
  instance: Instance,
  range: RefRange | undefined,
  make: () => Promise<void>
): Promise<void> {
  if (!range) return make()
  await inNumber(instance, 'ref', range, make)
}

/** Has `make` make something under a second number. */
export async function spareNumbered(
  instance: Instance,
  range: RefRange,
  make: (spareRef: string) => Promise<void>
): Promise<void> {
  await inNumber(instance, 'spareRef', range, () => make(instance.spareRef!))
}

async function inNumber(
  instance: Instance,
  place: Place,
  range: RefRange,
  make: () => Promise<void>
): Promise<void> {
  if (!isNumber(instance[place])) await leaseNumber(instance, place, range, range.first)
  for (let tries = range.last - range.first; ; tries -= 1) {
    try {
      return await make()
    } catch (error) {
      const isTaken = error instanceof DriverError && error.kind === 'already_exists'
      if (!isTaken || tries <= 0) throw error
      await leaseNumber(instance, place, range, Number(instance[place]) + 1)
    }
  }
}

/** Whether a cluster that numbers its instances gave this ref. */
export function isNumber(ref: string | null): boolean {
  return ref !== null && NUMBER.test(ref)
}

/** The row of an instance that is no more lets go of its number. */
export async function giveBackNumber(instance: Instance): Promise<void> {
  if (!isNumber(instance.ref)) return
  instance.ref = `${instance.ref}~${instance.id}`
  await instance.save()
}

/**
 * The first free one from `from` on, then from the range's beginning. The cluster's row is locked: no key of the
 * table sees that one's ref is not another's spare.
 * @throws DriverError out_of_capacity
 */
async function leaseNumber(
  instance: Instance,
  place: Place,
  { first, last }: RefRange,
  from: number
): Promise<void> {
  for (;;) {
    const before = instance[place]
    try {
      await transaction(async (trx) => {
        await trx.from('clusters').where('id', instance.clusterId).forUpdate().select('id')
        const taken = await numbersOf(instance.clusterId, trx)
        const free = (begin: number, end: number) => {
          for (let number = begin; number <= end; number++) if (!taken.has(number)) return number
          return null
        }
        const start = from > last ? first : Math.max(first, from)
        const number = free(start, last) ?? free(first, start - 1)
        if (number === null) {
          throw new DriverError('out_of_capacity', `every number from ${first} to ${last} is taken`)
        }
        await instance
          .useTransaction(trx)
          .merge({ [place]: String(number) })
          .save()
      })
      return
    } catch (error) {
      instance.merge({ [place]: before })
      // One was entered by hand since we looked.
      if (!isUniqueViolation(error)) throw error
    }
  }
}

async function numbersOf(clusterId: number, trx: TransactionClientContract): Promise<Set<number>> {
  const rows: { ref: string; spare_ref: string | null }[] = await trx
    .from('instances')
    .where('cluster_id', clusterId)
    .whereNull('deleted_at')
    .select('ref', 'spare_ref')
  return new Set(
    rows
      .flatMap((row) => [row.ref, row.spare_ref ?? ''])
      .map(Number)
      .filter(Boolean)
  )
}
