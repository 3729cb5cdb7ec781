import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/**
 * An opaque identifier for URLs: `prefix` and 14 letters and digits (about 69 bits), without those that
 * are misread. Starts with a letter and is lower case, so it also serves in host names.
 */
export function newUid(prefix: string): string {
  let uid = prefix
  while (uid.length < prefix.length + 14) {
    for (const byte of randomBytes(20)) {
      // Bytes past the last whole multiple of the alphabet would make some letters likelier.
      if (byte < 256 - (256 % ALPHABET.length) && uid.length < prefix.length + 14) {
        uid += ALPHABET[byte % ALPHABET.length]
      }
    }
  }
  return uid
}
