import type Operation from '#models/operation'
import type { OperationType } from '#models/types'
import {
  lastProgress,
  logLines,
  operationTitle,
  stepOf,
  stepViews,
  TOLD_REFUSALS,
  type Message,
} from '#transformers/operation'
import { nameFor } from '#transformers/visit'
import type { StoredEvent } from '#services/progress'

/** Steps whose undoing a customer understands; the others took back only what they never saw. */
const TOLD_WHEN_UNDONE = new Set([
  'reserve_address',
  'create',
  'forward',
  'resize',
  'set_host_name',
  'change_keys',
  'snapshot',
  'store',
])
/** After these a person can do something better than only trying again. */
const ADVISED = new Set([
  'out_of_capacity',
  'refused',
  'invalid',
  'unreachable',
  'timeout',
  'task_failed',
])

type Permissions = { mayCancel: boolean; mayRetry: boolean }

/** The page of one operation: what is done, where it stands, what happened, what may be done about it. */
export function operationPage(
  operation: Operation,
  events: StoredEvent[],
  retriedAs: Operation | null,
  {
    home,
    listPath = `${home}/operations`,
    ...may
  }: Permissions & { home: string; listPath?: string }
) {
  const subject = subjectOf(operation, home)
  const steps = stepViews(operation.type, operation.steps)
  const running = operation.steps.findLast(
    ({ state }) => state === 'running' || state === 'undoing'
  )
  const said = running ? lastProgress(events, running.name) : null
  return {
    uid: operation.uid,
    type: operation.type,
    path: `${home}/operations/${operation.uid}`,
    listPath,
    title: operationTitle(operation, subject.name),
    state: operation.state,
    door: operation.state === 'running' ? 'working' : operation.state,
    isOpen: operation.isOpen,
    isFinal: operation.isFinal,
    isLive: operation.isOpen && operation.state !== 'needs_attention',
    steps: steps.map((step) => ({
      ...step,
      percent: step.name === said?.step ? said.percent : null,
      said: step.name === said?.step ? said.message : null,
      isFailed: step.name === operation.failedStep && operation.errorKind !== null,
    })),
    at: stepOf(operation),
    log: logLines(events, operation.steps),
    lastEventId: events.at(-1)?.id ?? null,
    failure: failureOf(operation),
    retryAt: waitsUntil(operation),
    isCancelAsked: operation.cancelRequestedAt !== null && operation.isOpen,
    cancelledBy: nameFor(home, operation.cancelRequestedBy),
    canCancel: operation.isCancellable && may.mayCancel,
    takesBack: operation.type === 'instance.create',
    canRetry: operation.isRetryable && may.mayRetry && retriedAs === null,
    retriedAs: retriedAs ? `${home}/operations/${retriedAs.uid}` : null,
    subject,
    cluster: operation.cluster?.name ?? null,
    actor: nameFor(home, operation.requestedBy),
    createdAt: operation.createdAt,
    startedAt: operation.startedAt,
    endedAt: operation.endedAt,
    tookMs:
      operation.startedAt && operation.endedAt
        ? operation.endedAt.toMillis() - operation.startedAt.toMillis()
        : null,
  }
}

/** What it is done to, and where that is looked at. */
function subjectOf({ instance, license }: Operation, home: string) {
  if (!instance) {
    return {
      kind: 'license',
      name: license.name,
      path: `${home}/licenses/${license.uid}`,
      size: null,
    }
  }
  const { cpus, memoryMib, diskGib } = instance
  return {
    kind: 'instance',
    name: instance.name,
    path: instance.deletedAt ? null : `${home}/instances/${instance.uid}`,
    size: { cpus, memoryMib, diskGib },
  }
}

/** What happened, what was taken back, what to do next; null while nothing went wrong. */
function failureOf(operation: Operation) {
  const kind = operation.errorKind
  if (operation.state !== 'failed' && operation.state !== 'needs_attention') return null
  return {
    kind: kind ?? 'unexpected',
    what: reasonOf(operation),
    step: operation.failedStep,
    takenBack: operation.steps
      .filter(({ name, state }) => state === 'undone' && isTold(operation.type, name))
      .map(({ name }) => name),
    isCreate: operation.type === 'instance.create',
    next: kind && ADVISED.has(kind) ? kind : 'other',
  }
}

/** Of a reinstall one thing counts: what runs is the old system. */
const isTold = (type: OperationType, step: string): boolean =>
  type === 'instance.reinstall' ? step === 'set_aside' : TOLD_WHEN_UNDONE.has(step)

function reasonOf({ errorKind, error }: Operation): Message {
  // A refusal of ours keeps its code as the text.
  const refusal = errorKind === 'refused' ? TOLD_REFUSALS.find((code) => code === error) : undefined
  return { key: `operations.error.${refusal ?? errorKind ?? 'unexpected'}`, values: {} }
}

/** When it tries again by itself; null when it is not waiting for that. */
function waitsUntil(operation: Operation) {
  const { state, failures, notBefore } = operation
  if ((state !== 'running' && state !== 'compensating') || failures === 0 || !notBefore) return null
  return { at: new Date(notBefore).toISOString(), reason: reasonOf(operation) }
}

/** What staff see beside it. */
export function operationForStaff(operation: Operation, mayAct: boolean) {
  const path = `/admin/operations/${operation.uid}`
  return {
    mayAct,
    organization: {
      name: operation.organization.name,
      path: `/admin/organizations/${operation.organization.uid}`,
    },
    attempt: operation.attempt,
    failures: operation.failures,
    heartbeatAt: operation.heartbeatAt ? new Date(operation.heartbeatAt).toISOString() : null,
    notBefore: operation.notBefore ? new Date(operation.notBefore).toISOString() : null,
    remoteTask: operation.remoteTask?.id ?? null,
    errorKind: operation.errorKind,
    /** In the words of the cluster, or ours. */
    detail: operation.error,
    resumptionPath: `${path}/resumption`,
    abandonmentPath: `${path}/abandonment`,
    goesOn: operation.type === 'instance.delete',
  }
}
