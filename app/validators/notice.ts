import vine from '@vinejs/vine'
import { DELIVERY_STATES, NOTICE_KINDS } from '#models/types'
import { asList } from '#validators/as_list'
import { searchOf } from '#validators/list'
import { webAddress } from '#validators/rules/web_address'

const kinds = () => vine.array(vine.enum(NOTICE_KINDS)).maxLength(NOTICE_KINDS.length).parse(asList)

export const preferenceValidator = vine.create({ kinds: kinds().optional() })

/** As a program chooses: all of them, said outright. */
export const chosenNoticesValidator = vine.create({ kinds: kinds() })

export const ownMailsValidator = vine.create({ token_mails: vine.boolean() })

export const tokenMailsValidator = vine.create({ token_mails: vine.boolean().optional() })

export const webhookValidator = vine.create({
  url: webAddress(500),
  kinds: kinds().minLength(1),
})

/** What the address of an endpoint's log asks for. */
export function deliverySearch(typed: Record<string, unknown>) {
  const { cursor } = searchOf(typed)
  return { state: DELIVERY_STATES.find((state) => state === typed.state) ?? null, cursor }
}
