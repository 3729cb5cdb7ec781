import vine from '@vinejs/vine'
import type { Cursor } from '#models/concerns/keyset'
import type { DriftFilter } from '#models/drift_list'
import { DRIFT_KINDS } from '#models/types'
import { searchOf } from '#validators/list'
import { hostName } from '#validators/rules/host_name'
import { halfWidth } from '#validators/rules/half_width'

/** Reads the address of the list; what it does not know counts as not asked for. */
export function driftRequest(query: Record<string, unknown>): {
  filter: DriftFilter
  cursor: Cursor
} {
  const { words, cursor } = searchOf(query)
  const uid = query.cluster
  return {
    filter: {
      words,
      kind: DRIFT_KINDS.find((kind) => kind === query.kind) ?? null,
      cluster: typeof uid === 'string' && /^[a-z0-9]{1,24}$/.test(uid) ? uid : null,
      isForgotten: query.standing === 'forgotten',
    },
    cursor,
  }
}

/** The name by which an adopted guest is known from then on. */
export const adoptionValidator = vine.create({
  name: vine
    .string()
    .parse(halfWidth)
    .trim()
    .toLowerCase()
    .maxLength(63)
    .use(hostName())
    .optional(),
})
