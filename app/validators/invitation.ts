import vine from '@vinejs/vine'
import { ROLES } from '#models/types'
import { email } from '#validators/account'

export const createInvitationValidator = vine.create({
  email: email(),
  role: vine.enum(ROLES),
})
