import type { HttpContext } from '@adonisjs/core/http'
import { operationDigest } from '#models/operation_list'
import OperationPolicy from '#policies/operation_policy'
import { EventStream } from '#services/event_stream'
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
      operationDigest(announcement.operationId).then(
        (digest) => digest && stream.send(organizationEvent(announcement, digest, home, { i18n })),
        (error) => logger.warn({ err: error }, 'an event could not be told')
      )
    },
  })
  stream.signal.addEventListener('abort', unfollow, { once: true })
  streamGuard.watch(stream, { sessionId: user.currentSession!.id, organizationId }, null)
  stream.answer(ctx)
}
