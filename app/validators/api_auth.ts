import vine from '@vinejs/vine'
import { email } from '#validators/account'
import { newPassword } from '#validators/rules/new_password'
import { halfWidth } from '#validators/rules/half_width'

/** No `@`: a name is never taken for somebody's address. */
const username = () =>
  vine
    .string()
    .trim()
    .toLowerCase()
    .minLength(3)
    .maxLength(80)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)

export const registrationValidator = vine.create({
  username: username(),
  password: newPassword(),
  email: email().nullable().optional(),
})

/** Not judged further: a wrong one is refused like any other. */
export const loginValidator = vine.create({
  /** Or the e-mail address. */
  username: vine.string().parse(halfWidth).trim().toLowerCase().maxLength(254),
  password: vine.string().maxLength(200),
  /** Of the authenticator app, where there is one. */
  code: vine.string().parse(halfWidth).maxLength(20).nullable().optional(),
})

export const SERVER_ACTIONS = ['start', 'stop', 'delete'] as const

export const serverActionValidator = vine.create({ action: vine.enum(SERVER_ACTIONS) })
