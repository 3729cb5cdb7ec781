import vine from '@vinejs/vine'
import { SUSPENSION_REASONS } from '#models/types'
import { requestKey } from '#validators/request_key'

export const suspendValidator = vine.create({
  reason: vine.enum(SUSPENSION_REASONS),
  note: vine.string().trim().maxLength(300).optional(),
  request_key: requestKey().optional(),
})

export const liftSuspensionValidator = vine.create({
  params: vine.object({ reason: vine.enum(SUSPENSION_REASONS) }),
})
