import vine from '@vinejs/vine'
import { uid } from '#validators/rules/uid'

/** Some thousand guests fill a megabyte. */
const LONGEST_FILE = 1_000_000

const fileText = () => vine.string().trim().maxLength(LONGEST_FILE).optional()

/** The old module's files as text, each of them if it is there. Ports need the pool that they belong to. */
export const moveInValidator = vine.create({
  addresses_file: fileText(),
  ports_file: fileText(),
  numbers_file: fileText(),
  port_pool: uid().optional(),
})
