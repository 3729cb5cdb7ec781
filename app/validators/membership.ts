import vine from '@vinejs/vine'
import { ROLES } from '#models/types'

export const updateMembershipValidator = vine.create({ role: vine.enum(ROLES) })
