import vine from '@vinejs/vine'
import { LOCALES } from '#config/i18n'
import { STAFF_ROLES } from '#models/types'
import { email } from '#validators/account'
import { words } from '#validators/rules/words'
import { webAddress } from '#validators/rules/web_address'

const text = (most: number) => words(most).nullable()

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
  keystone_url: webAddress(255).nullable(),
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

/** What an operator says at the command line. */
export const commandUserValidator = vine.create({
  email: email(),
  name: text(120).optional(),
  staff_role: vine.enum(STAFF_ROLES).optional(),
  locale: vine.enum(LOCALES).optional(),
})
