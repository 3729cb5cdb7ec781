import type { I18n } from '@adonisjs/i18n'
import type { OperationDigest } from '#models/operation_list'
import type { Announcement, InstanceAnnouncement } from '#services/progress'
import type { FeedEvent } from '#services/operation_feed'
import type { Formats } from '#start/view/formats'
import { logLine, operationTitle } from '#transformers/operation'

type Reader = { i18n: I18n; formats: Formats }

/** What a script is told of one event: enough to go on with, and the line of the log in the reader's words. */
export function feedEvent(
  event: FeedEvent,
  stored: { id: string; at: number } | null,
  { i18n, formats }: Reader
) {
  if (event.kind === 'changed' || !stored) return event
  const line = logLine({ ...stored, event })
  const words = line.message ? i18n.t(line.message.key, line.message.values) : (line.text ?? '')
  const step = line.step ? i18n.t(`operations.step.${line.step}`) + i18n.t('components.colon') : ''
  return {
    ...shown(event),
    // A sign of life without words is no line of the log.
    text: words && `${step}${words}`,
    clock: formats.clock(new Date(line.at)),
  }
}

/** A cluster's own words about a failure are for staff; the page says the same by the kind of the failure. */
function shown(event: Exclude<FeedEvent, { kind: 'changed' }>) {
  switch (event.kind) {
    case 'progress':
      return {
        kind: event.kind,
        percent: event.percent,
        said: event.message,
        group: event.step,
      }
    case 'retry':
      return { kind: event.kind, step: event.step }
    default:
      return event
  }
}

/** Something happened to an operation of the organization; when it ended, in words for a toast. */
export function organizationEvent(
  { stored: { event } }: Announcement,
  digest: OperationDigest,
  running: number | undefined,
  { home, i18n }: { home: string; i18n: I18n }
) {
  const told = {
    kind: event.kind,
    operation: digest.uid,
    instance: digest.instance_uid,
  }
  if (event.kind !== 'state') return told
  const title = operationTitle(digest, digest.instance)
  const isEnd = DOORS[event.state] !== undefined
  return {
    ...told,
    state: event.state,
    running,
    ...(isEnd && {
      toast: {
        door: DOORS[event.state],
        title: i18n.t(title.key, title.values),
        text: i18n.t(`states.${event.state}`),
        href: `${home}/operations/${digest.uid}`,
        action: i18n.t('operations.show'),
      },
    }),
  }
}

const DOORS: Partial<Record<string, 'lit' | 'crossed' | 'barred' | 'empty'>> = {
  succeeded: 'lit',
  failed: 'crossed',
  cancelled: 'empty',
  needs_attention: 'barred',
}

/** A sync saw an instance in another state than was known. */
export function instanceEvent({ instanceUid }: InstanceAnnouncement) {
  return { kind: 'instance', instance: instanceUid }
}
