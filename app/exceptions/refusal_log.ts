import type { HttpContext } from '@adonisjs/core/http'
import AuditEvent from '#models/audit_event'

const WINDOW_MS = 60_000
/** A minute and a visitor, and a minute and a process: the log tells of an attack, it does not serve one. */
const PER_VISITOR = 10
const IN_ALL = 120

const taken = new Map<string, number>()
let windowEnds = 0
let inAll = 0
let leftOut = 0

/**
 * Writes a refusal into the audit log: in the chain of the organization whose member was refused, else in the
 * platform's. Beyond the caps it is only counted, and the next event that is written tells how many there were.
 * The route is named, not the address: addresses may hold tokens.
 */
export async function recordRefusal(code: string, ctx: HttpContext): Promise<void> {
  if (!mayRecord(visitorOf(ctx))) return
  const { organization, params, request, route } = ctx
  const told = { left_out: leftOut || undefined }
  leftOut = 0
  await AuditEvent.record({
    action: 'access.refused',
    outcome: 'refused',
    organizationId: organization?.id ?? null,
    subject: null,
    after: {
      reason: code,
      method: request.method(),
      route: route?.pattern ?? null,
      organization: organization ? undefined : params.organization,
      id: UID.test(params.id) ? params.id : undefined,
      ...told,
    },
  })
}

const UID = /^[a-z][a-z2-9]{14}$/

function visitorOf({ auth, request }: HttpContext): string {
  return auth?.user ? `user ${auth.user.uid}` : `address ${request.ip()}`
}

function mayRecord(visitor: string): boolean {
  const now = Date.now()
  if (now >= windowEnds) {
    taken.clear()
    inAll = 0
    windowEnds = now + WINDOW_MS
  }
  const before = taken.get(visitor) ?? 0
  if (before >= PER_VISITOR || inAll >= IN_ALL) {
    leftOut += 1
    return false
  }
  taken.set(visitor, before + 1)
  inAll += 1
  return true
}

/** For tests, which are many visitors in one minute. */
export function forgetRefusals(): void {
  windowEnds = 0
  leftOut = 0
}
