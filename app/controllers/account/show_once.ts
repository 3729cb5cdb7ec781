import type { HttpContext } from '@adonisjs/core/http'
import { seal, unseal } from '#services/vault'

/*
| A secret that a page shows once travels from the form to that page in the session. The session lies in the
| database, therefore it travels sealed.
*/
const PURPOSE = 'show-once'

export function showOnce({ session }: HttpContext, name: string, value: unknown): void {
  session.flash(name, seal(JSON.stringify(value), PURPOSE))
}

export function shownOnce<T>({ session }: HttpContext, name: string): T | null {
  const sealed: unknown = session.flashMessages.get(name)
  return typeof sealed === 'string' ? JSON.parse(unseal(sealed, PURPOSE)) : null
}
