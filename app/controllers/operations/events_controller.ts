import type { HttpContext } from '@adonisjs/core/http'
import { timeZoneOf } from '#controllers/asker'
import Operation from '#models/operation'
import OperationPolicy from '#policies/operation_policy'
import { EventStream } from '#services/event_stream'
import { OperationFeed, isResting } from '#services/operation_feed'
import { replay } from '#services/progress'
import { streamGuard } from '#services/stream_guard'
import { formatsFor } from '#start/view/formats'
import { feedEvent } from '#transformers/operation_events'

/** The course of one operation, as it goes on. */
export default class EventsController {
  async index(ctx: HttpContext) {
    const { organization, membership, params, bouncer } = ctx
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const operation = await Operation.of(organization, params.operation_id)
    return streamOperation(ctx, operation, organization.id)
  }
}

/** `organizationId`: whose members may follow it; null: staff. A visitor may for as long as the visit goes on. */
export async function streamOperation(
  ctx: HttpContext,
  operation: Operation,
  organizationId: number | null
): Promise<void> {
  const { auth, visit, request, response, i18n } = ctx
  const after = request.header('last-event-id') ?? request.input('after') ?? null
  // A browser that has everything of an operation that is over is told not to come back.
  if (after && isResting(operation.state) && (await nothingAfter(operation, after))) {
    return response.noContent()
  }

  const stream = new EventStream(visit?.uid ?? auth.getUserOrFail().id)
  const reader = { i18n, formats: formatsFor(i18n.locale, timeZoneOf(ctx)) }
  const feed = new OperationFeed(operation, after, stream, (event, stored) =>
    stream.send(feedEvent(event, stored, reader), stored?.id)
  )
  streamGuard.watch(
    stream,
    visit
      ? { visitId: visit.id }
      : { sessionId: auth.getUserOrFail().currentSession!.id, organizationId },
    { id: operation.id, onLook: (row) => feed.look(row) }
  )
  stream.answer(ctx)
  await feed.begin(operation.state)
}

async function nothingAfter(operation: Operation, after: string): Promise<boolean> {
  const events = await replay(operation.uid, after).catch(() => [])
  return events.length === 0
}
