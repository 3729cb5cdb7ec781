import vine from '@vinejs/vine'
import { SELLERS_REASONS, SUSPENSION_REASONS } from '#models/types'
import { requestKey } from '#validators/request_key'

export const suspendValidator = vine.create({
  reason: vine.enum(SUSPENSION_REASONS),
  note: vine.string().trim().maxLength(300).optional(),
  request_key: requestKey().optional(),
})

export const liftSuspensionValidator = vine.create({
  params: vine.object({ reason: vine.enum(SUSPENSION_REASONS) }),
})

/** By an organization that sells it onward. */
export const suspendForResaleValidator = vine.create({
  reason: vine.enum(SELLERS_REASONS),
  note: vine.string().trim().maxLength(300).optional(),
})

export const liftForResaleValidator = vine.create({
  params: vine.object({ reason: vine.enum(SELLERS_REASONS) }),
})
