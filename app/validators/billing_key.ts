import vine from '@vinejs/vine'
import { asList } from '#validators/as_list'
import { allowedAddresses } from '#validators/rules/address_ranges'
import { number } from '#validators/rules/numbers'
import { uid } from '#validators/rules/uid'
import { words } from '#validators/rules/words'

/** For how many days a key may be valid; 0: without end. */
export const KEY_DAYS = [0, 30, 90, 365] as const
/** How many hours the old key works on beside the new one. */
export const OVERLAP_HOURS = [0, 1, 24, 168] as const

const uids = () => vine.array(uid()).maxLength(200).parse(asList).optional()

export const createBillingKeyValidator = vine.create({
  name: words(80).minLength(1),
  allowed_addresses: allowedAddresses().nullable().optional(),
  allows_free_sizes: vine.boolean().optional(),
  plans: uids(),
  clusters: uids(),
  days: number().in([...KEY_DAYS]),
})

export const rotateBillingKeyValidator = vine.create({
  overlap_hours: number().in([...OVERLAP_HOURS]),
})
