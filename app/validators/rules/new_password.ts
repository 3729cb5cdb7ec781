import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { isCommonPassword } from '#services/common_passwords'

const SHORTEST = 10
/** Hashing takes time in proportion; nobody types more. */
const LONGEST = 200

/** Words about the person that a password must not consist of, besides what the form says. */
export type PersonalWords = { words?: string[] }

const uncommon = vine.createRule<undefined>(
  async (value: unknown, _options, field: FieldContext) => {
    if (!field.isValid || typeof value !== 'string') return
    const {
      email,
      username,
      full_name: fullName,
      organization,
    } = field.parent as Record<string, unknown>
    const { words = [] } = field.meta as PersonalWords
    const known = [email, username, fullName, organization, ...words].filter(
      (word) => typeof word === 'string'
    )
    if (await isCommonPassword(value, ['portico', ...known])) {
      field.report('{{ field }} is too common', 'password.common', field)
    }
  },
  { isAsync: true }
)

/** Long and not known to everybody; nothing else is asked. */
export const newPassword = () =>
  vine.string().minLength(SHORTEST).maxLength(LONGEST).use(uncommon(undefined))
