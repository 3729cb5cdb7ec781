import vine from '@vinejs/vine'
import { STAFF_ROLES } from '#models/types'
import { email } from '#validators/account'

const text = (most: number) => vine.string().trim().maxLength(most).nullable()

const person = {
  email: email(),
  full_name: text(120),
  username: vine
    .string()
    .trim()
    .maxLength(64)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u)
    .nullable(),
  phone: vine
    .string()
    .trim()
    .maxLength(20)
    .regex(/^\+?[\d ()-]{5,}$/)
    .nullable(),
  keystone_url: vine
    .string()
    .trim()
    .maxLength(255)
    .url({ require_protocol: true, protocols: ['http', 'https'], require_tld: false })
    .nullable(),
}

/** What staff may change of an account. */
export const userValidator = vine.create(vine.object(person).toCamelCase())

export const newUserValidator = vine.create(
  vine
    .object({
      ...person,
      organization: text(80),
      staff_role: vine.enum(STAFF_ROLES).nullable(),
    })
    .toCamelCase()
)
