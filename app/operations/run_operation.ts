import { setTimeout as sleep } from 'node:timers/promises'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { backOffMs, heartbeatMs, holdMs, maxFailures, staleAfterMs } from '#config/operations'
import { DriverError } from '#drivers/errors'
import { settle, TaskFailed, WaitLonger } from '#drivers/settle'
import { DomainError } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import License from '#models/license'
import Operation, { WORKING_STATES } from '#models/operation'
import { tellOfEnd, tellOfTrouble } from '#models/operation_notice'
import { affected, sqlTime } from '#models/concerns/sql'
import { isPassing } from '#models/concerns/database_errors'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import type { OperationErrorKind, StepRecord } from '#models/types'
import type {
  BareContext,
  Ending,
  LicenseContext,
  OperationDefinition,
  Step,
  StepContext,
} from '#operations/definition'
import { operations } from '#operations/index'
import { operationsEnded } from '#services/metrics'
import * as progress from '#services/progress'
import type { ProgressEvent } from '#services/progress'
import { LogContext } from '#start/log_context'

/** `again`: not over; come back after so many milliseconds. */
export type RunResult = { done: true } | { done: false; againInMs: number }

type Input = Record<string, unknown>
type Subject = { instance: Instance; license?: never } | { license: License; instance?: never }
type Closing = { operation: Operation; instance: Instance }

/** Somebody else took the operation, or a person moved it: this runner has nothing more to say. */
class LostOwnership extends Error {
  override name = 'LostOwnership'
}

const DONE: RunResult = { done: true }
const DATABASE_PAUSE_MS = 1_000

/**
 * Runs an operation until it ends, has to wait, or is taken from this runner. Safe to call at any time,
 * for any operation, from any number of processes: only one gets it.
 */
export async function runOperation(
  operationId: number,
  shutdown: AbortSignal = new AbortController().signal
): Promise<RunResult> {
  try {
    const operation = await Tenant.system('run an operation', () => Operation.find(operationId))
    if (!operation || !WORKING_STATES.includes(operation.state)) return DONE
    return await Tenant.run(operation.organizationId, async () => {
      const taken = await take(operation)
      if (taken !== 'taken') return taken
      const result = await new Runner(operation, shutdown).run()
      // Its place in the cluster is free now.
      await Operation.nudgeWaiting(operation.clusterId)
      return result
    })
  } catch (error) {
    if (!isPassing(error)) throw error
    logger.warn({ operationId, err: error }, 'the database is away; the operation waits for it')
    return { done: false, againInMs: DATABASE_PAUSE_MS }
  }
}

/**
 * A compare-and-set on the attempt. An operation that finds its cluster full is done for now: whoever ends
 * another one there nudges it.
 */
async function take(operation: Operation): Promise<'taken' | RunResult> {
  const now = Date.now()
  if (operation.notBefore && operation.notBefore > now) {
    return { done: false, againInMs: operation.notBefore - now }
  }
  return transaction(async (trx) => {
    // One that was cancelled before it began has nothing to do in the cluster.
    const needsPlace = operation.state !== 'queued' || !operation.cancelRequestedAt
    if (needsPlace && operation.clusterId !== null) {
      const free = await Operation.freePlaces(operation.clusterId, trx)
      if (free <= 0) return DONE
    }
    const taken = await trx
      .from('operations')
      .where({ id: operation.id, attempt: operation.attempt })
      .whereIn('state', [...WORKING_STATES])
      .where((free) =>
        free.whereNull('heartbeat_at').orWhere('heartbeat_at', '<', now - staleAfterMs)
      )
      .update({ attempt: operation.attempt + 1, heartbeat_at: now, not_before: null })
    if (affected(taken) === 0) return DONE
    operation.useTransaction(trx)
    await operation.refresh()
    return 'taken'
  })
}

class Runner {
  private readonly definition: OperationDefinition
  private readonly lost = new AbortController()
  private readonly signal: AbortSignal
  private connected: StepContext<Input> | null = null
  private currentStep = ''
  /** Told when the row says so, too. */
  private readonly unsaid: ProgressEvent[] = []
  private told: Promise<void> = Promise.resolve()

  constructor(
    private readonly operation: Operation,
    private readonly shutdown: AbortSignal
  ) {
    this.definition = operations[operation.type]
    this.signal = AbortSignal.any([this.lost.signal, shutdown])
  }

  run(): Promise<RunResult> {
    const { uid, type } = this.operation
    return LogContext.run({ operation: uid, operationType: type }, async () => {
      const heart = setInterval(() => void this.beat(), heartbeatMs)
      try {
        return await this.advance()
      } finally {
        clearInterval(heart)
        await Promise.all([this.told, this.closeDriver()])
      }
    })
  }

  private async advance(): Promise<RunResult> {
    try {
      return this.operation.state === 'compensating'
        ? await this.compensate()
        : await this.forward()
    } catch (error) {
      if (error instanceof LostOwnership || this.lost.signal.aborted) return DONE
      if (this.shutdown.aborted) return this.giveBack(() => this.pause(0))
      if (isPassing(error)) return this.giveBack(() => this.pause(DATABASE_PAUSE_MS))
      // Not a step that failed, but we: tried again for a while, then a person has to look.
      return this.giveBack(() => this.pauseOrAskPerson(error))
    }
  }

  private async forward(): Promise<RunResult> {
    const { operation } = this
    operation.move('running')
    operation.startedAt ??= DateTime.utc()
    this.unsaid.push({ kind: 'state', state: 'running' })

    for (const step of this.definition.steps) {
      if (this.record(step)?.state === 'done') continue
      if (this.shutdown.aborted) return this.pause(0)
      if (await this.isCancelAsked()) return this.startCompensation()
      try {
        const context = await this.context(step)
        await this.followLeftTask(context)
        this.mark(step, 'running')
        await this.save()
        await step.run(context)
        operation.failures = 0
        this.forgetError()
        // Saved with the beginning of the next step, or the end: one commit instead of two.
        this.mark(step, 'done')
      } catch (error) {
        return this.afterFailure(step, error)
      }
    }
    this.forgetError()
    return this.end('succeeded')
  }

  private async afterFailure(step: Step<Input>, error: unknown): Promise<RunResult> {
    this.rethrowUnlessStepFailed(error)
    if (error instanceof WaitLonger) return this.pause(error.ms)
    this.forgetTaskThatIsOver(error)
    const cancelled = await this.isCancelAsked()
    if (!cancelled && this.mayTryAgain(error)) return this.pauseAfterFailure(step, error)
    if (cancelled && isRetryable(error)) return this.startCompensation()
    this.note(step, error)
    if (this.isPastReturn) return this.askPerson()
    // A step that never began, because the cluster cannot be spoken to, has nothing to take back.
    if (this.record(step)) this.mark(step, 'failed', error)
    return this.startCompensation()
  }

  private async startCompensation(): Promise<RunResult> {
    const { operation } = this
    operation.failures = 0
    operation.move('compensating')
    this.unsaid.push({ kind: 'state', state: 'compensating' })
    await this.save()
    return this.compensate()
  }

  /** Backwards from the step that failed: it may have happened by half. */
  private async compensate(): Promise<RunResult> {
    const { operation } = this
    for (const step of [...this.definition.steps].reverse()) {
      const record = this.record(step)
      if (!record || record.state === 'undone' || !step.undo) continue
      if (this.shutdown.aborted) return this.pause(0)
      try {
        const context = await this.context(step)
        await this.followLeftTask(context)
        this.mark(step, 'undoing')
        await this.save()
        await step.undo(context)
        operation.failures = 0
        this.mark(step, 'undone')
      } catch (error) {
        this.rethrowUnlessStepFailed(error)
        if (error instanceof WaitLonger) return this.pause(error.ms)
        this.forgetTaskThatIsOver(error)
        if (this.mayTryAgain(error)) return this.pauseAfterFailure(step, error)
        this.note(step, error)
        return this.askPerson()
      }
    }
    return this.end(this.endingOfCompensation())
  }

  /** The rows change and the operation closes together, or neither does. */
  private async end(ending: Ending): Promise<RunResult> {
    const { operation } = this
    const endedAt = DateTime.utc()
    await transaction(async (trx) => {
      const subject = await this.lockSubject(trx)
      // A definition knows what it is about: the one it names is there.
      await this.definition.close?.({ operation, ...subject } as Closing, ending, trx)
      await this.save(
        {
          state: ending,
          open_on: null,
          ended_at: sqlTime(endedAt),
          heartbeat_at: null,
          not_before: null,
          remote_task: null,
        },
        trx
      )
      await tellOfEnd(operation, ending, subject, trx)
      await AuditEvent.record(
        {
          action: `${operation.type}_ended`,
          organizationId: operation.organizationId,
          subject: (subject.instance ?? subject.license).auditSubject,
          after: { operation: operation.uid, ending, error: operation.errorKind },
          outcome: ending === 'succeeded' ? 'succeeded' : 'failed',
          actor: 'system',
        },
        trx
      )
    })
    operation.move(ending)
    operation.endedAt = endedAt
    operation.openOn = null
    this.unsaid.push({ kind: 'state', state: ending })
    this.tell()
    operationsEnded.inc({ type: operation.type, ending })
    logger.info({ ending, errorKind: operation.errorKind }, 'operation ended')
    return DONE
  }

  private async lockSubject(trx: TransactionClientContract): Promise<Subject> {
    const { instanceId, licenseId } = this.operation
    if (licenseId !== null) {
      const licenses = License.query({ client: trx }).where('id', licenseId)
      return { license: await licenses.forUpdate().firstOrFail() }
    }
    const instances = Instance.query({ client: trx }).where('id', instanceId!)
    return { instance: await instances.forUpdate().firstOrFail() }
  }

  private async askPerson(): Promise<RunResult> {
    const { operation } = this
    operation.move('needs_attention')
    operation.heartbeatAt = null
    this.unsaid.push({ kind: 'state', state: 'needs_attention' })
    await transaction(async (trx) => {
      const subject = await this.lockSubject(trx)
      await this.save({}, trx)
      await tellOfTrouble(operation, subject, trx)
    })
    this.tell()
    logger.error(
      { step: operation.failedStep, errorKind: operation.errorKind },
      'operation needs attention'
    )
    return DONE
  }

  private async pauseAfterFailure(step: Step<Input>, error: unknown): Promise<RunResult> {
    const { operation } = this
    operation.failures += 1
    const againInMs = backOffMs(operation.failures)
    this.note(step, error)
    this.unsaid.push({
      kind: 'retry',
      step: step.name,
      reason: operation.error ?? '',
      atMs: Date.now() + againInMs,
    })
    return this.pause(againInMs)
  }

  private async pauseOrAskPerson(error: unknown): Promise<RunResult> {
    const { operation } = this
    logger.error({ err: error }, 'running an operation failed outside of its steps')
    operation.errorKind = 'unexpected'
    operation.error = messageOf(error)
    operation.failures += 1
    return operation.failures < maxFailures
      ? this.pause(backOffMs(operation.failures))
      : this.askPerson()
  }

  /** Gives the operation back, so that any worker may take it after the pause. */
  private async pause(againInMs: number): Promise<RunResult> {
    this.operation.heartbeatAt = null
    this.operation.notBefore = Date.now() + againInMs
    await this.save()
    return { done: false, againInMs }
  }

  /**
   * Gives back what can be given back while the database may be away. When it stays away for longer than
   * a heart may stand still, the row needs no word of ours: any worker may take it.
   */
  private async giveBack(how: () => Promise<RunResult>): Promise<RunResult> {
    const until = Date.now() + staleAfterMs
    while (true) {
      try {
        return await how()
      } catch (error) {
        if (error instanceof LostOwnership) return DONE
        logger.warn({ err: error }, 'the operation could not be given back')
        if (!isPassing(error) || this.shutdown.aborted || Date.now() > until) {
          return { done: false, againInMs: DATABASE_PAUSE_MS }
        }
        await sleep(DATABASE_PAUSE_MS)
      }
    }
  }

  /**
   * A task that a runner before us began. How it ended does not decide anything: the step that follows
   * ensures what it wants, and finds out for itself what is wrong.
   */
  private async followLeftTask({ settle: follow }: StepContext<Input>): Promise<void> {
    const { operation } = this
    if (!operation.remoteTask) return
    try {
      await follow(operation.remoteTask)
    } catch (error) {
      if (!(error instanceof TaskFailed)) throw error
      operation.remoteTask = null
    }
  }

  /** One that may still run is followed again after the pause. */
  private forgetTaskThatIsOver(error: unknown): void {
    if (!isRetryable(error) || error instanceof TaskFailed) this.operation.remoteTask = null
  }

  /** The connection to the cluster is opened by the first step that comes, and kept until the run is over. */
  private async context(step: Step<Input>): Promise<StepContext<Input>> {
    this.currentStep = step.name
    LogContext.add({ step: step.name })
    this.connected ??= await this.connect()
    return this.connected
  }

  private async connect(): Promise<StepContext<Input>> {
    const { operation, signal } = this
    const tell = this.teller()
    const bare: BareContext<Input> = { operation, input: operation.input, signal, progress: tell }
    if (operation.licenseId !== null) {
      const license = await License.findOrFail(operation.licenseId)
      const context: LicenseContext<Input> = { ...bare, license }
      return context as unknown as StepContext<Input>
    }
    const instance = await Instance.findOrFail(operation.instanceId)
    const cluster = await Cluster.findOrFail(operation.clusterId)
    const driver = await cluster.openDriver()
    return {
      ...bare,
      instance,
      cluster,
      driver,
      settle: async (task) => {
        operation.remoteTask = task
        if (task.id !== null) await this.save()
        await settle(driver, task, {
          signal,
          holdMs,
          onProgress: ({ percent, message }) => tell(message ?? null, percent ?? null),
        })
        operation.remoteTask = null
      },
    }
  }

  /** Says a thing once, however often a cluster repeats it. */
  private teller() {
    let last = ''
    return async (message: string | null, percent: number | null = null) => {
      const step = this.currentStep
      const tick = `${step} ${percent} ${message}`
      if (tick === last) return
      last = tick
      this.publish({ kind: 'progress', step, percent, message })
    }
  }

  private tell(): void {
    for (const event of this.unsaid.splice(0)) this.publish(event)
  }

  /** In order, but nobody waits: whether a page hears of it at once changes nothing. */
  private publish(event: ProgressEvent): void {
    this.told = this.told.then(() => progress.publish(this.operation, event))
  }

  private async closeDriver(): Promise<void> {
    try {
      await this.connected?.driver?.close()
    } catch (error) {
      logger.warn({ err: error }, 'closing a driver')
    }
  }

  private record(step: Step<Input>): StepRecord | undefined {
    return this.operation.steps.find(({ name }) => name === step.name)
  }

  private mark(step: Step<Input>, state: StepRecord['state'], error?: unknown): void {
    const now = new Date().toISOString()
    const changes: Partial<StepRecord> = {
      state,
      endedAt: state === 'running' || state === 'undoing' ? null : now,
      ...(error ? { error: { kind: kindOf(error), message: messageOf(error) } } : {}),
    }
    const known = this.record(step)
    this.operation.steps = known
      ? this.operation.steps.map((record) =>
          record === known ? { ...record, ...changes } : record
        )
      : [
          ...this.operation.steps,
          { name: step.name, state, startedAt: now, endedAt: null, ...changes },
        ]
    this.unsaid.push({ kind: 'step', step: step.name, state })
  }

  private note(step: Step<Input>, error: unknown): void {
    const { operation } = this
    operation.errorKind = kindOf(error)
    operation.error = messageOf(error)
    operation.failedStep = step.name
    const level = operation.errorKind === 'unexpected' ? 'error' : 'warn'
    logger[level]({ errorKind: operation.errorKind, err: error }, 'a step failed')
  }

  private forgetError(): void {
    this.operation.error = null
    this.operation.errorKind = null
    this.operation.failedStep = null
  }

  /** What an undo met on its way is past: the person wants to know why all this was taken back. */
  private endingOfCompensation(): Ending {
    const { operation } = this
    const failed = operation.steps.find(({ error }) => error)
    if (failed?.error) {
      operation.failedStep = failed.name
      operation.errorKind = failed.error.kind
      operation.error = failed.error.message
      return 'failed'
    }
    if (!operation.cancelRequestedAt) return 'failed'
    this.forgetError()
    return 'cancelled'
  }

  /** Every save carries the attempt: a runner that was thought dead learns here that it is not its turn. */
  private async save(
    changes: Record<string, unknown> = {},
    trx?: TransactionClientContract
  ): Promise<void> {
    const { operation } = this
    const row = {
      state: operation.state,
      steps: JSON.stringify(operation.steps),
      remote_task: operation.remoteTask && JSON.stringify(operation.remoteTask),
      error_kind: operation.errorKind,
      error: operation.error,
      failed_step: operation.failedStep,
      failures: operation.failures,
      heartbeat_at: operation.heartbeatAt === null ? null : Date.now(),
      not_before: operation.notBefore,
      started_at: operation.startedAt && sqlTime(operation.startedAt),
      updated_at: sqlTime(DateTime.utc()),
      ...changes,
    }
    const saved = await (trx ?? db)
      .from('operations')
      .where({ id: operation.id, attempt: operation.attempt })
      .whereIn('state', [...WORKING_STATES])
      .update(row)
    if (affected(saved) === 0) {
      this.lost.abort(new LostOwnership())
      throw new LostOwnership()
    }
    // Within a transaction it may still be taken back.
    if (!trx) this.tell()
  }

  private async beat(): Promise<void> {
    try {
      const beaten = await db
        .from('operations')
        .where({ id: this.operation.id, attempt: this.operation.attempt })
        .whereNotNull('heartbeat_at')
        .update({ heartbeat_at: Date.now() })
      if (affected(beaten) === 0) this.lost.abort(new LostOwnership())
    } catch (error) {
      // The next save decides; a database that is away for a moment is not yet another runner.
      logger.warn({ err: error }, 'heartbeat not written')
    }
  }

  private async isCancelAsked(): Promise<boolean> {
    if (this.isPastReturn) return false
    const row = await db
      .from('operations')
      .where('id', this.operation.id)
      .select('cancel_requested_at')
      .first()
    if (!row?.cancel_requested_at) return false
    this.operation.cancelRequestedAt ??= DateTime.utc()
    return true
  }

  /** It is never taken back, or has come to the step from which on it is not. */
  private get isPastReturn(): boolean {
    const { goesOn, steps } = this.definition
    return (goesOn ?? false) || steps.some((step) => step.goesOn && this.record(step))
  }

  private mayTryAgain(error: unknown): boolean {
    return isRetryable(error) && this.operation.failures + 1 < maxFailures
  }

  /** Lost, told to stop, or the database is away: then nothing is known about the step. */
  private rethrowUnlessStepFailed(error: unknown): void {
    const stopped = this.lost.signal.aborted || this.shutdown.aborted
    if (stopped || error instanceof LostOwnership || isPassing(error)) throw error
  }
}

function isRetryable(error: unknown): boolean {
  return (error instanceof DriverError || error instanceof DomainError) && error.retryable
}

function kindOf(error: unknown): OperationErrorKind {
  if (error instanceof DriverError) return error.kind
  if (error instanceof DomainError) return 'refused'
  return 'unexpected'
}

/** Fit for the row, which customers read. What we did not expect may hold anything: it stands in the log only. */
function messageOf(error: unknown): string {
  const isTold = error instanceof DriverError || error instanceof DomainError
  return isTold ? error.message.slice(0, 500) : 'E_UNEXPECTED'
}
