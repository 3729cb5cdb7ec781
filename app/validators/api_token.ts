import vine from '@vinejs/vine'
import { SCOPES } from '#models/types'
import { asList } from '#validators/as_list'
import { allowedAddresses } from '#validators/rules/address_ranges'
import { number } from '#validators/rules/numbers'
import { words } from '#validators/rules/words'

export const TOKEN_DAYS = [7, 30, 90, 365] as const
/** Requests a minute; 0: only what holds for everybody. */
export const TOKEN_PACES = [0, 10, 60, 300] as const

export const apiTokenValidator = vine.create({
  name: words(80).minLength(1),
  days: number().in([...TOKEN_DAYS]),
  scopes: vine.array(vine.enum(SCOPES)).parse(asList).minLength(1).distinct(),
  allowed_addresses: allowedAddresses().nullable().optional(),
  requests_per_minute: number()
    .in([...TOKEN_PACES])
    .optional(),
})
