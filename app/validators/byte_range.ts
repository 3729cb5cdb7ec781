import type { ByteRange } from '#services/archive_store'

/**
 * What a `Range` header asks for of so many bytes. Several ranges, or other units, are answered with all of it, as
 * the standard allows.
 * @returns null when nothing of it is there
 */
export function byteRange(header: string | undefined, size: number): ByteRange | null {
  const whole = { first: 0, last: size - 1 }
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === undefined || (from === '' && to === '')) return whole
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? whole.last : Math.min(Number(to), whole.last)
  // One that ends before it begins is none.
  if (from !== '' && to !== '' && Number(to) < first) return whole
  return first <= last ? { first, last } : null
}
