import type { HttpContext } from '@adonisjs/core/http'
import Membership from '#models/membership'
import Operation from '#models/operation'
import { isStaffArea, shellOf, type Shell } from '#transformers/shell'

const loaded = new WeakMap<HttpContext, Promise<Shell>>()

/** The frame of this request, loaded when a layout asks for it: redirects and JSON never pay for it. */
export function loadShell(ctx: HttpContext | undefined): Promise<Shell> {
  if (!ctx) return Promise.resolve(shellOf(NOBODY))
  const known = loaded.get(ctx) ?? load(ctx)
  loaded.set(ctx, known)
  return known
}

const NOBODY = { path: '/', user: null, memberships: [], currentSlug: null, runningOperations: 0 }

async function load(ctx: HttpContext): Promise<Shell> {
  const path = ctx.request.url()
  const user = ctx.auth?.use('web').user
  if (!user) return shellOf({ ...NOBODY, path })
  const person = { name: user.displayName, email: user.email, isStaff: user.isStaff }
  if (isStaffArea(path)) {
    return shellOf({
      ...NOBODY,
      path,
      user: person,
      runningOperations: await Operation.countWorking(),
    })
  }
  const memberships = ctx.memberships ?? (await Membership.switcher(user.id))
  const currentSlug = ctx.organization?.slug ?? null
  return shellOf({
    path,
    user: person,
    memberships,
    currentSlug,
    runningOperations:
      memberships.find(({ slug }) => slug === currentSlug)?.running_operations ?? 0,
  })
}
