import vine from '@vinejs/vine'
import { LOCALES } from '#config/i18n'
import { newPassword, type PersonalWords } from '#validators/rules/new_password'
import { timeZone } from '#validators/rules/time_zone'
import { halfWidth } from '#validators/rules/half_width'
import { oneLine, words } from '#validators/rules/words'

export const email = () =>
  vine.string().parse(halfWidth).trim().maxLength(254).use(oneLine()).email().toLowerCase()
const name = () => words(120).minLength(1)

export const signUpValidator = vine.create({
  organization: words(80).nullable().optional(),
  email: email(),
  password: newPassword(),
  /** Told by the browser; nobody is refused over it. */
  time_zone: vine.string().maxLength(64).nullable().optional(),
})

export const firstAdministratorValidator = vine.create({
  full_name: name(),
  email: email().unique({ table: 'users', column: 'email' }),
  password: newPassword(),
})

/** Not judged further: a wrong one is refused like any other. */
export const signInValidator = vine.create({
  email: vine.string().parse(halfWidth).trim().maxLength(254),
  password: vine.string().maxLength(200),
})

export const emailValidator = vine.create({ email: email() })

export const newPasswordValidator = vine
  .withMetaData<PersonalWords>()
  .create({ password: newPassword().confirmed() })

const profile = () => ({ locale: vine.enum(LOCALES), time_zone: timeZone() })

export const profileValidator = vine.create({ full_name: name().nullable(), ...profile() })

/** As a program sends it: a name that is left out stays. */
export const sentProfileValidator = vine.create({
  full_name: name().nullable().optional(),
  ...profile(),
})
