import vine from '@vinejs/vine'
import { NETWORK_PURPOSES } from '#models/types'
import { typedAgain } from '#validators/confirmation'
import { requestKey } from '#validators/request_key'
import { words } from '#validators/rules/words'

const networkName = () => words(120)

export const networkValidator = vine.create({ network: networkName() })

export const attachNetworkValidator = vine.create({
  network: networkName(),
  request_key: requestKey().optional(),
})

/** `name`: typed once more. */
export const detachNetworkValidator = (name: string) =>
  vine.create({
    confirmation: typedAgain(name),
    request_key: requestKey().optional(),
  })

export const networkPurposeValidator = vine.create({
  network: networkName(),
  purpose: vine.enum(NETWORK_PURPOSES),
})
