import vine from '@vinejs/vine'
import { STAFF_ROLES } from '#models/types'

/** Empty: no staff. */
export const staffRoleValidator = vine.create({ staff_role: vine.enum(STAFF_ROLES).nullable() })
