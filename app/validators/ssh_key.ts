import vine from '@vinejs/vine'
import { asList } from '#validators/as_list'
import { LONGEST_KEYS, publicKeys } from '#validators/rules/ssh_public_keys'
import { uid } from '#validators/rules/uid'

/** Longer than that it is refused. */
export const LARGEST_KEY_FILE = LONGEST_KEYS + 1

/** Pasted, or what a file says. */
export const keepKeysValidator = vine.create({
  ssh_keys: publicKeys().optional().requiredIfMissing('file'),
  file: publicKeys().optional(),
})

/** By a program, which has no file to choose. */
export const sshKeysValidator = vine.create({ ssh_keys: publicKeys() })

/** uids of keys that the person keeps, in a form where keys can also be pasted. */
export const keptKeys = () => vine.array(uid()).parse(asList).maxLength(50)
