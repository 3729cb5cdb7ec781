import type { HttpContext } from '@adonisjs/core/http'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import type User from '#models/user'

/** Who asks for a deed; null: a visitor, in the name of a billing key. */
export function askerOf({ visit, auth }: HttpContext): User | null {
  return visit ? null : auth.getUserOrFail()
}

/** Of whoever reads the page. */
export function timeZoneOf(ctx: HttpContext): string {
  return askerOf(ctx)?.timeZone ?? DEFAULT_TIME_ZONE
}
