import vine from '@vinejs/vine'
import { SELLERS_REASONS, SUSPENSION_REASONS } from '#models/types'
import { requestKey } from '#validators/request_key'
import { words } from '#validators/rules/words'

export const suspendValidator = vine.create({
  reason: vine.enum(SUSPENSION_REASONS),
  note: words(300).optional(),
  request_key: requestKey().optional(),
})

export const liftSuspensionValidator = vine.create({
  params: vine.object({ reason: vine.enum(SUSPENSION_REASONS) }),
})

/** By an organization that sells it onward. */
export const suspendForResaleValidator = vine.create({
  reason: vine.enum(SELLERS_REASONS),
  note: words(300).optional(),
})

export const liftForResaleValidator = vine.create({
  params: vine.object({ reason: vine.enum(SELLERS_REASONS) }),
})
