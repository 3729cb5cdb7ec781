import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { parseAddress } from '#addressing/address'
import { isPort } from '#addressing/ports'
import { whole } from '#validators/rules/numbers'

const FIRST_VMID = 100
const LAST_VMID = 999_999_999

const vmid = () => whole().range([FIRST_VMID, LAST_VMID])

/** Every name must be one of its kind; the file is keyed by what it lists. */
const namesThat = (isRight: (name: string) => boolean, saying: string) => {
  return (names: string[], field: FieldContext) => {
    const wrong = names.find((name) => !isRight(name))
    if (wrong !== undefined) field.report(`${wrong} is not ${saying}`, 'name', field)
  }
}

/*
| What the old module for Proxmox VE kept in three files beside itself. Whatever else stands in them is left aside.
*/

/** `ip_pool.json`: who has which address. */
export const oldAddressesValidator = vine.create(
  vine
    .record(vine.object({ server_vmid: vmid() }))
    .validateKeys(namesThat((name) => parseAddress(name) !== null, 'an address'))
)

/** `port_pool.json`: outer ports that are given. */
export const oldPortsValidator = vine.create(
  vine.record(vine.any()).validateKeys(namesThat((name) => isPort(Number(name)), 'a port'))
)

/** `vmid.json`: of each product the number that would be given next. */
export const oldNumbersValidator = vine.create(vine.record(vmid()))
