import vine from '@vinejs/vine'
import type { Infer } from '@vinejs/vine/types'
import { MOST_AT_ONCE, type InstanceChoice } from '#models/instance_choice'
import { BATCH_VIEWS } from '#models/batch_list'
import { BATCH_DEEDS, SUSPENSION_REASONS } from '#models/types'
import { asList } from '#validators/as_list'
import { instanceListRequest, pageOf } from '#validators/instance_list'
import { requestKey } from '#validators/request_key'
import { halfWidth } from '#validators/rules/half_width'
import { words } from '#validators/rules/words'

type Query = Record<string, unknown>

const UID = /^[a-z0-9]{1,24}$/
/** More rows than the largest page has cannot be ticked. */
const MOST_TICKED = 100
const FROM_HERE = BATCH_DEEDS.filter((deed) => deed !== 'delete')

/** Deleting has an address of its own, which asks for identity first. */
export const batchDeedValidator = vine.create({ deed: vine.enum(FROM_HERE) })

export const createBatchValidator = vine.create({
  deed: vine.enum(FROM_HERE),
  /** How many the page named. */
  confirmation: vine
    .string()
    .parse(halfWidth)
    .trim()
    .regex(/^\d{1,6}$/),
  reason: vine
    .enum(SUSPENSION_REASONS)
    .optional()
    .requiredWhen('deed', 'in', ['suspend', 'unsuspend']),
  note: words(300).optional(),
  request_key: requestKey().optional(),
})

/** Suspending is the provider's; see the suspension of a single instance for one's own customers. */
const OF_MEMBERS = BATCH_DEEDS.filter((deed) => deed !== 'suspend' && deed !== 'unsuspend')

/** As a program asks: rows by name, or all that match a search. */
export const orderBatchValidator = vine.create({
  deed: vine.enum(OF_MEMBERS),
  instances: vine
    .array(vine.string().regex(UID))
    .parse(asList)
    .distinct()
    .maxLength(MOST_AT_ONCE)
    .optional(),
  matching: words(300).optional(),
})

export function choiceOf({ instances, matching }: Infer<typeof orderBatchValidator>) {
  if (instances?.length || !matching) return { uids: instances ?? [] }
  return { matching: instanceListRequest({ q: matching }) }
}

export const deleteBatchValidator = vine.create({
  confirmation: vine
    .string()
    .parse(halfWidth)
    .trim()
    .regex(/^\d{1,6}$/),
  request_key: requestKey().optional(),
})

/**
 * What was chosen in a list: ticked rows, the page with all its rows, or everything that matches the search. The
 * form of the list is sent as it stands, so it reads the same with and without a script.
 */
export function instanceChoice(typed: Query, { staff = false } = {}): InstanceChoice {
  if (typed.matching) return { matching: instanceListRequest({ q: typed.q }, { staff }) }
  const ticked = [asList(typed.uid) ?? []].flat()
  const onPage = typed.page && typeof typed.on_page === 'string' ? typed.on_page.split(',') : []
  const uids = [...ticked, ...onPage].filter(
    (uid): uid is string => typeof uid === 'string' && UID.test(uid)
  )
  return { uids: [...new Set(uids)].slice(0, MOST_TICKED) }
}

export function batchPageRequest(query: Query) {
  return batchItemsRequest({ ...query, size: '100' })
}

export function batchItemsRequest(query: Query) {
  return { view: BATCH_VIEWS.find((view) => view === query.show) ?? 'all', ...pageOf(query) }
}
