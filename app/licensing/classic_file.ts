import { constants, publicEncrypt, type KeyObject } from 'node:crypto'

/** The nine items of the classic model, under the names it gave them. */
export type ClassicItems = {
  maxVm: number
  maxImage: number
  maxUser: number
  maxVcpu: number
  maxVmem: number
  maxVdisk: number
  /** `YYYY-MM-DD`. */
  expires: string
  mac: string
  serialNumber: string
}

/** The order of lines two and three: as the description has it, or as old programs write and read them. */
export const CLASSIC_ORDERS = ['images_users', 'users_images'] as const
export type ClassicOrder = (typeof CLASSIC_ORDERS)[number]

/** What PKCS#1 v1.5 needs of a block for itself. */
const PADDING = 11

export function classicLines(items: ClassicItems, order: ClassicOrder): string[] {
  const { maxImage, maxUser } = items
  const [second, third] = order === 'images_users' ? [maxImage, maxUser] : [maxUser, maxImage]
  const numbers = [items.maxVm, second, third, items.maxVcpu, items.maxVmem, items.maxVdisk]
  return [...numbers.map(String), items.expires, items.mac, items.serialNumber]
}

export function classicText(items: ClassicItems, order: ClassicOrder): string {
  return classicLines(items, order).join('\n')
}

/**
 * The classic file: the nine lines encrypted for the host in one block, as hex. Whoever holds the host's key
 * pair can make one: it is for products in the field that read nothing else.
 */
export function classicFile(text: string, hostKey: KeyObject): string | null {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > classicRoom(hostKey)) return null
  return publicEncrypt({ key: hostKey, padding: constants.RSA_PKCS1_PADDING }, bytes).toString(
    'hex'
  )
}

/** How many bytes fit into one block of the key. */
export function classicRoom(hostKey: KeyObject): number {
  return (hostKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - PADDING
}

export function classicFileName(license: string): string {
  return `${license.toUpperCase()}_LICENSE`
}
