import { randomBytes } from 'node:crypto'
import vine from '@vinejs/vine'

/** Stands in a form, so that sending it twice, or once more after the back button, does it once. */
export function newRequestKey(): string {
  return randomBytes(18).toString('base64url')
}

export const requestKey = () => vine.string().regex(/^[\w-]{8,64}$/)
