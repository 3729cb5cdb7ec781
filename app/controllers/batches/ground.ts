import type { HttpContext } from '@adonisjs/core/http'
import type Membership from '#models/membership'
import type Organization from '#models/organization'

export type Ground = {
  /** null: staff, over all of them. */
  organization: Organization | null
  membership: Membership | null
  home: string
  staff: boolean
}

/** Where a batch is asked for: in an organization, or on the staff's pages over all of them. */
export function groundOf(ctx: HttpContext): Ground {
  if (ctx.actsAsStaff) return { organization: null, membership: null, home: '/admin', staff: true }
  const { organization, membership, home } = ctx
  return { organization, membership, home, staff: false }
}
