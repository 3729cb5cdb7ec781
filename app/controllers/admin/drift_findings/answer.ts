import type { HttpContext } from '@adonisjs/core/http'
import type Operation from '#models/operation'

/** To the operation, when there is one; else to the list, with a word. */
export function answer(
  { response, session }: HttpContext,
  operation: Operation | null,
  message: string
) {
  if (operation) return response.redirect().toPath(`/admin/operations/${operation.uid}`)
  session.flash('notice', { kind: 'success', message })
  return response.redirect().toPath('/admin/drift')
}
