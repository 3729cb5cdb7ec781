import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { operationDigest } from '#models/operation_list'
import OperationPolicy from '#policies/operation_policy'
import { EventStream } from '#services/event_stream'
import type { Announcement } from '#services/progress'
import { progressHub } from '#services/progress_hub'
import { streamGuard } from '#services/stream_guard'
import { instanceEvent, organizationEvent } from '#transformers/operation_events'

/** All that goes on in an organization, in short: what lists, the count at the top and toasts live on. */
export default class EventsController {
  async index(ctx: HttpContext) {
    const { organization, membership, bouncer } = ctx
    await bouncer.with(OperationPolicy).authorize('view', membership)
    streamOrganization(ctx, organization.id, `/o/${organization.slug}`)
  }
}

/** `organizationId` null: of all of them, for staff. */
export function streamOrganization(
  ctx: HttpContext,
  organizationId: number | null,
  home: string
): void {
  const { auth, i18n, logger } = ctx
  const user = auth.getUserOrFail()
  const stream = new EventStream(user.id)
  const unfollow = progressHub.followOrganization({
    organizationId,
    onInstance: (announcement) => stream.send(instanceEvent(announcement)),
    onEvent: (announcement) => {
      tell(announcement).catch((error) => logger.warn({ err: error }, 'an event was not told'))
    },
  })
  const tell = async (announcement: Announcement) => {
    const [digest, running] = await Promise.all([
      operationDigest(announcement.operationId),
      announcement.stored.event.kind === 'state' ? countRunning(organizationId) : undefined,
    ])
    if (digest) stream.send(organizationEvent(announcement, digest, running, { home, i18n }))
  }
  stream.signal.addEventListener('abort', unfollow, { once: true })
  streamGuard.watch(stream, { sessionId: user.currentSession!.id, organizationId }, null)
  stream.answer(ctx)
}

const GATHERED_FOR_MS = 50
const counts = new Map<number | null, Promise<number>>()

/** How many are under way. Twenty pages that hear of the same end ask the database once, and after that end. */
function countRunning(organizationId: number | null): Promise<number> {
  const gathering = counts.get(organizationId)
  if (gathering) return gathering
  const count = () => Operation.countWorking()
  const counted = sleep(GATHERED_FOR_MS).then(() => {
    // Who asks from now on may know of a later change.
    counts.delete(organizationId)
    return organizationId === null
      ? Tenant.system('tell staff how many operations run', count)
      : Tenant.run(organizationId, count)
  })
  counts.set(organizationId, counted)
  return counted
}
