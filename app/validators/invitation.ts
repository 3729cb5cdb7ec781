import vine from '@vinejs/vine'
import { ROLES } from '#models/types'

export const createInvitationValidator = vine.create({
  email: vine.string().trim().email().maxLength(254).toLowerCase(),
  role: vine.enum(ROLES),
})
