import { createHash } from 'node:crypto'

/*
| Text in parts that a QR code holds, for hosts that no network reaches: `PORTICO:<first 8 of the SHA-256>:<i>/<n>:`
| and base64. They may come in any order and more than once; a shell can put them together.
*/
const PART = /^PORTICO:([0-9a-f]{8}):([1-9]\d?)\/([1-9]\d?):([A-Za-z0-9+/]+={0,2})$/
const LETTERS = 640

export function toParts(text: string, letters: number = LETTERS): string[] {
  const chunks =
    Buffer.from(text)
      .toString('base64')
      .match(new RegExp(`.{1,${letters}}`, 'g')) ?? []
  return chunks.map(
    (chunk, index) => `PORTICO:${idOf(text)}:${index + 1}/${chunks.length}:${chunk}`
  )
}

/** The text, or null while a part is missing or was misread. What is in no parts is the text already. */
export function fromParts(text: string): string | null {
  const lines = text.split(/\s+/).filter(Boolean)
  if (!lines.some((line) => line.startsWith('PORTICO:'))) return text
  const found = lines.map((line) => PART.exec(line))
  const [first] = found
  if (!first || found.some((part) => part?.[1] !== first[1] || part?.[3] !== first[3])) return null
  const byNumber = new Map(found.map((part) => [Number(part![2]), part![4]!]))
  const chunks = Array.from({ length: Number(first[3]) }, (_, index) => byNumber.get(index + 1))
  if (chunks.includes(undefined)) return null
  const joined = Buffer.from(chunks.join(''), 'base64').toString()
  return idOf(joined) === first[1] ? joined : null
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
