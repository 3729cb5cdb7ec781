import vine from '@vinejs/vine'
import { IMAGE_STATES, type ImageFilter } from '#models/image'
import { words } from '#validators/rules/words'

export const imageValidator = vine.create({
  title: words(80).nullable(),
})

/** What an address asks for. Whatever is not understood is left out: a list is always shown. */
export function imageFilter(typed: Record<string, unknown>): ImageFilter {
  const text = (name: string) => {
    const value = typed[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 100) : null
  }
  return {
    words: text('q'),
    cluster: text('cluster'),
    state: IMAGE_STATES.find((state) => state === text('state')) ?? null,
  }
}
