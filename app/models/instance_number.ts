import db from '@adonisjs/lucid/services/db'
import type { RefRange } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { isUniqueViolation } from '#models/concerns/database_errors'
import type Instance from '#models/instance'

/*
| Some clusters number their instances, and the number is one of ours to choose. An instance holds its number as
| its ref: what is unique in our table is leased to nobody else. That the cluster may have given it to somebody's
| guest in the meantime shows when the guest is to be made, and another number is taken then.
*/

const NUMBER = /^[1-9]\d*$/

/** Has `make` make it under a number of its own. Without a range its ref is a name already. */
export async function numbered(
  instance: Instance,
  range: RefRange | undefined,
  make: () => Promise<void>
): Promise<void> {
  if (!range) return make()
  if (!NUMBER.test(instance.ref)) await leaseNumber(instance, range, range.first)
  for (let tries = range.last - range.first; ; tries -= 1) {
    try {
      return await make()
    } catch (error) {
      const isTaken = error instanceof DriverError && error.kind === 'already_exists'
      if (!isTaken || tries <= 0) throw error
      await leaseNumber(instance, range, Number(instance.ref) + 1)
    }
  }
}

/** The row of an instance that is no more lets go of its number. */
export async function giveBackNumber(instance: Instance): Promise<void> {
  if (!NUMBER.test(instance.ref)) return
  instance.ref = `${instance.ref}~${instance.id}`
  await instance.save()
}

/** The first free one from `from` on, then from the range's beginning. @throws DriverError out_of_capacity */
async function leaseNumber(
  instance: Instance,
  { first, last }: RefRange,
  from: number
): Promise<void> {
  for (;;) {
    const taken = await numbersOf(instance.clusterId)
    const free = (begin: number, end: number) => {
      for (let number = begin; number <= end; number++) if (!taken.has(number)) return number
      return null
    }
    const start = from > last ? first : Math.max(first, from)
    const number = free(start, last) ?? free(first, start - 1)
    if (number === null) {
      throw new DriverError('out_of_capacity', `every number from ${first} to ${last} is taken`)
    }
    const before = instance.ref
    try {
      instance.ref = String(number)
      await instance.save()
      return
    } catch (error) {
      instance.ref = before
      // Another operation took it since we looked.
      if (!isUniqueViolation(error)) throw error
    }
  }
}

async function numbersOf(clusterId: number): Promise<Set<number>> {
  const rows: { ref: string }[] = await db
    .from('instances')
    .where('cluster_id', clusterId)
    .whereNull('deleted_at')
    .select('ref')
  return new Set(rows.map(({ ref }) => Number(ref)).filter(Number.isInteger))
}
