import vine from '@vinejs/vine'
import { LAST_PORT } from '#addressing/ports'
import { LONGEST_RANGE } from '#models/port_forward'
import { asList } from '#validators/as_list'
import { requestKey } from '#validators/request_key'
import { onePortRange } from '#validators/rules/ports'
import { whole } from '#validators/rules/numbers'
import { uid } from '#validators/rules/uid'
import { words } from '#validators/rules/words'

export const createPortForwardValidator = vine.create({
  protocol: vine.enum(['tcp', 'udp', 'both'] as const),
  target_port: onePortRange(LONGEST_RANGE),
  // Of a range the first; empty: drawn at random.
  port: whole().range([1, LAST_PORT]).nullable().optional(),
  pool: uid().nullable().optional(),
  // Shown in lists and told nobody else.
  note: words(60).nullable().optional(),
  request_key: requestKey().optional(),
})

/** Those that shall go, by their uids. */
export const deletePortForwardsValidator = vine.create({
  forwards: vine.array(uid()).parse(asList).minLength(1).maxLength(1000),
  request_key: requestKey().optional(),
})
