const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g
const FULL_WIDTH = /[\uff01-\uff5e]/g
/** From a full-width sign to the plain one. */
const DISTANCE = 0xfee0

/** Signs as a Chinese keyboard types them (`８０８０`, `１０。０。０。１`), made plain; what is no text stays as it is. */
export function halfWidth(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value
    .replaceAll(SPACES, ' ')
    .replaceAll('。', '.')
    .replaceAll(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - DISTANCE))
}

/** What another field of the form holds, as it was sent; nothing when that is no text. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? String(halfWidth(value)).trim() : ''
}
