import vine from '@vinejs/vine'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { halfWidth } from '#validators/rules/half_width'
import { words } from '#validators/rules/words'

/**
 * A browser's answer about a passkey comes as JSON in a field of a plain form. Whether it proves anything is
 * for the library to say; here it only has to be of the right kind.
 */
const credential = <T extends AuthenticationResponseJSON | RegistrationResponseJSON>() =>
  vine
    .string()
    .maxLength(20_000)
    .transform((value) => parsed<T>(value))

function parsed<T>(value: string): T | null {
  try {
    const answer = JSON.parse(value)
    return typeof answer?.id === 'string' && typeof answer.response === 'object' ? answer : null
  } catch {
    return null
  }
}

export const passkeySignInValidator = vine.create({
  credential: credential<AuthenticationResponseJSON>(),
})

/** One of them; which, the page's forms decide. */
export const secondFactorValidator = vine.create({
  code: vine.string().parse(halfWidth).maxLength(20).optional(),
  recovery_code: vine.string().maxLength(60).optional(),
  credential: credential<AuthenticationResponseJSON>().optional(),
})

export const confirmationValidator = vine.create({
  password: vine.string().maxLength(200).optional(),
  code: vine.string().parse(halfWidth).maxLength(20).optional(),
  credential: credential<AuthenticationResponseJSON>().optional(),
})

export const codeValidator = vine.create({ code: vine.string().parse(halfWidth).maxLength(20) })

export const passkeyValidator = vine.create({
  name: words(80).minLength(1),
  credential: credential<RegistrationResponseJSON>(),
})

export const passkeyChallengeValidator = vine.create({
  purpose: vine.enum(['create', 'get'] as const),
})
