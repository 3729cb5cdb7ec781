import type { OpenOperationRow } from '#models/instance'
import type Operation from '#models/operation'
import type { OperationType, StepRecord } from '#models/types'
import { stepNames } from '#operations/index'
import { nameFor } from '#transformers/visit'
import type { StoredEvent } from '#services/progress'

/** A text to be: key and values for `t`. */
export type Message = { key: string; values: Record<string, string | number> }

/** What we refuse ourselves in a step, and tell in words of its own. */
export const TOLD_REFUSALS = [
  'E_NO_FREE_ADDRESS',
  'E_NO_FREE_PORT',
  'E_BACKUP_GONE',
  'E_BACKUP_BROKEN',
  'E_STORE_AWAY',
  'E_STORE_FULL',
  'E_STORE_REFUSED',
  'E_SECRET_GONE',
  'E_NO_HOST_INFO',
  'E_NO_SIGNING_KEY',
  'E_LICENSE_CLOSED',
  'E_CLASSIC_TOO_LONG',
  'E_DOCUMENT_BROKEN',
] as const

export const messageKey = (type: OperationType): string => type.replace('.', '_')

/** "Create web-1", "Stop web-1". */
export function operationTitle(
  operation: { type: OperationType; input: Record<string, unknown> },
  name: string
): Message {
  const { type, input } = operation
  return { key: `operations.title.${messageKey(type)}${variant(type, input)}`, values: { name } }
}

/** Where one type is several deeds to a reader. */
function variant(type: OperationType, input: Record<string, unknown>): string {
  if (type === 'instance.power') return `_${String(input.action)}`
  return type === 'instance.throttle' && input.mbps === null ? '_lift' : ''
}

/** One line of a history. */
export function operationItem(operation: Operation, name: string, home: string) {
  return {
    uid: operation.uid,
    path: `${home}/operations/${operation.uid}`,
    title: operationTitle(operation, name),
    state: operation.state,
    door: operation.state === 'running' ? 'working' : operation.state,
    actor: nameFor(home, operation.requestedBy),
    at: operation.createdAt,
    errorKind: operation.errorKind,
  }
}

/** Where an open operation stands, for a row: "Step 3 of 6 · Creating the container". */
export function stepOf({ type, steps }: Pick<OpenOperationRow, 'type' | 'steps'>) {
  const names = stepNames(type)
  const done = steps.filter(({ state }) => state === 'done').length
  const current = steps.findLast(({ state }) => state === 'running' || state === 'undoing')
  const name = current?.name ?? names[Math.min(done, names.length - 1)]!
  return { number: names.indexOf(name) + 1, count: names.length, name }
}

export type StepView = {
  name: string
  is: 'waiting' | StepRecord['state']
  tookMs: number | null
}

/** All steps of the plan, those not begun as well. */
export function stepViews(type: OperationType, steps: StepRecord[]): StepView[] {
  return stepNames(type).map((name) => {
    const record = steps.find((step) => step.name === name)
    const ended = record?.endedAt
    return {
      name,
      is: record?.state ?? 'waiting',
      tookMs: record && ended ? Date.parse(ended) - Date.parse(record.startedAt) : null,
    }
  })
}

/** What the running step said last; a new attempt at the step starts from nothing. */
export function lastProgress(events: StoredEvent[], step: string | undefined) {
  for (const { event } of events.toReversed()) {
    if (event.kind === 'progress' && event.step === step) return event
    if (event.kind === 'step' || event.kind === 'retry') return null
  }
  return null
}

export type LogLine = { at: number; message: Message | null; step?: string; text?: string }

/**
 * The log of an operation. Ticks of one piece of progress are one line, the last; and when the events are
 * gone (they are kept for a day), the row's own steps tell the story in short.
 */
export function logLines(events: StoredEvent[], steps: StepRecord[]): LogLine[] {
  if (events.length === 0) return linesOfRow(steps)
  const lines: (LogLine & { group: string | null })[] = []
  for (const stored of events) {
    const line = logLine(stored)
    if (line.text === '') continue
    const group = stored.event.kind === 'progress' ? stored.event.step : null
    if (group && lines.at(-1)?.group === group) lines.pop()
    lines.push({ ...line, group })
  }
  return lines.map(({ group, ...line }) => line)
}

export function logLine({ at, event }: StoredEvent): LogLine {
  switch (event.kind) {
    case 'step':
      return { at, message: { key: `operations.log.${event.state}`, values: {} }, step: event.step }
    case 'progress': {
      const percent = event.percent === null ? '' : ` ${Math.round(event.percent)} %`
      return {
        at,
        message: null,
        step: event.step,
        text: `${event.message ?? ''}${percent}`.trim(),
      }
    }
    case 'retry':
      return {
        at,
        message: {
          key: 'operations.log.retry',
          values: { seconds: Math.round((event.atMs - at) / 1000) },
        },
        step: event.step,
      }
    case 'cancel_requested':
      return { at, message: { key: 'operations.log.cancel_requested', values: {} } }
    case 'state':
      return { at, message: { key: `operations.log.state_${event.state}`, values: {} } }
    default: {
      const never: never = event
      return never
    }
  }
}

function linesOfRow(steps: StepRecord[]): LogLine[] {
  return steps
    .flatMap(({ name, state, startedAt, endedAt }) => [
      { at: Date.parse(startedAt), state: 'running', name },
      ...(endedAt ? [{ at: Date.parse(endedAt), state, name }] : []),
    ])
    .sort((a, b) => a.at - b.at)
    .map(({ at, state, name }) => ({
      at,
      message: { key: `operations.log.${state}`, values: {} },
      step: name,
    }))
}
