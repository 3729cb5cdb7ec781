import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { backOffMs, heartbeatMs, holdMs, maxFailures, staleAfterMs } from '#config/operations'
import type { ComputeDriver } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { settle, WaitLonger } from '#drivers/settle'
import { DomainError } from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import Operation, { sqlTime } from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import type { OperationErrorKind, StepRecord } from '#models/types'
import type { Ending, OperationDefinition, Step, StepContext } from '#operations/definition'
import { operations } from '#operations/index'
import * as progress from '#services/progress'

/** `again`: not over; come back after so many milliseconds. */
export type RunResult = { done: true } | { done: false; againInMs: number }

/** Somebody else took the operation, or a person moved it: this runner has nothing more to say. */
class LostOwnership extends Error {
  override name = 'LostOwnership'
}

/** While its cluster is as busy as it may be, an operation asks again this often. */
const CLUSTER_FULL_MS = 500
const DATABASE_PAUSE_MS = 1_000

/**
 * Runs an operation until it ends, has to wait, or is taken from this runner. Safe to call at any time,
 * for any operation, from any number of processes: only one gets it.
 */
export async function runOperation(
  operationId: number,
  shutdown: AbortSignal = new AbortController().signal
): Promise<RunResult> {
  const operation = await Tenant.system('run an operation', () => Operation.find(operationId))
  if (!operation || operation.isFinal || operation.state === 'needs_attention')
    return { done: true }
  return Tenant.run(operation.organizationId, async () => {
    const taken = await take(operation)
    if (taken !== 'taken') return taken
    return new Runner(operation, shutdown).run()
  })
}

/** A compare-and-set on the attempt; the cluster's row is locked while its running operations are counted. */
async function take(operation: Operation): Promise<'taken' | RunResult> {
  const now = Date.now()
  if (operation.notBefore && operation.notBefore > now) {
    return { done: false, againInMs: operation.notBefore - now }
  }
  return db.transaction(async (trx) => {
    if (await isClusterFull(operation, trx)) return { done: false, againInMs: CLUSTER_FULL_MS }
    const [taken] = await trx
      .from('operations')
      .where({ id: operation.id, attempt: operation.attempt })
      .whereIn('state', ['queued', 'running', 'compensating'])
      .where((free) =>
        free.whereNull('heartbeat_at').orWhere('heartbeat_at', '<', now - staleAfterMs)
      )
      .update({ attempt: operation.attempt + 1, heartbeat_at: now })
      .then((result: number | number[]) => (Array.isArray(result) ? result : [result]))
    if (!taken) return { done: true }
    operation.useTransaction(trx)
    await operation.refresh()
    return 'taken'
  })
}

async function isClusterFull(
  operation: Operation,
  trx: TransactionClientContract
): Promise<boolean> {
  const cluster = await trx
    .from('clusters')
    .where('id', operation.clusterId!)
    .forUpdate()
    .select('max_parallel_operations')
    .first()
  if (!cluster) return false
  const running = await trx
    .from('operations')
    .where('cluster_id', operation.clusterId!)
    .whereIn('state', ['queued', 'running', 'compensating'])
    .where('heartbeat_at', '>=', Date.now() - staleAfterMs)
    .count('* as total')
    .first()
  return Number(running.total) >= cluster.max_parallel_operations
}

class Runner {
  private readonly lost = new AbortController()
  private readonly definition: OperationDefinition
  private driver: ComputeDriver | null = null

  constructor(
    private readonly operation: Operation,
    private readonly shutdown: AbortSignal
  ) {
    this.definition = operations[operation.type]
  }

  async run(): Promise<RunResult> {
    const heart = setInterval(() => void this.beat(), heartbeatMs)
    try {
      const context = await this.context()
      return this.operation.state === 'compensating'
        ? await this.compensate(context)
        : await this.forward(context)
    } catch (error) {
      if (error instanceof LostOwnership || this.lost.signal.aborted) return { done: true }
      if (this.shutdown.aborted) return await this.pause(0)
      // A deadlock, or a database that is restarting. When even this save fails, the sweep takes over.
      if (isPassingDatabaseError(error)) return await this.pause(DATABASE_PAUSE_MS)
      throw error
    } finally {
      clearInterval(heart)
      await this.driver?.close().catch((error) => logger.warn({ err: error }, 'closing a driver'))
    }
  }

  private async forward(context: StepContext<Record<string, unknown>>): Promise<RunResult> {
    const { operation } = this
    operation.move('running')
    operation.startedAt ??= DateTime.utc()
    await this.save()
    await progress.publish(operation, { kind: 'state', state: 'running' })

    for (const step of this.definition.steps) {
      if (this.record(step)?.state === 'done') continue
      if (await this.isCancelAsked()) {
        this.forgetError()
        return this.startCompensation(context)
      }
      try {
        await this.followLeftTask(context)
        await this.mark(step, 'running')
        await step.run(context)
        operation.failures = 0
        this.forgetError()
        await this.mark(step, 'done')
      } catch (error) {
        return this.afterFailure(step, error, context)
      }
    }
    return this.end('succeeded', context)
  }

  private async afterFailure(
    step: Step<Record<string, unknown>>,
    error: unknown,
    context: StepContext<Record<string, unknown>>
  ): Promise<RunResult> {
    this.rethrowIfNotOurs(error)
    if (error instanceof WaitLonger) return this.pause(error.ms)
    const { operation } = this
    // A task that failed is not followed again; the step decides anew.
    operation.remoteTask = null
    if (isRetryable(error) && operation.failures + 1 < maxFailures) {
      return this.pauseAfterFailure(step, error)
    }
    await this.note(step, error)
    if (this.definition.goesOn) return this.askPerson()
    await this.mark(step, 'failed')
    return this.startCompensation(context)
  }

  private async startCompensation(
    context: StepContext<Record<string, unknown>>
  ): Promise<RunResult> {
    const { operation } = this
    operation.remoteTask = null
    operation.failures = 0
    operation.move('compensating')
    await this.save()
    await progress.publish(operation, { kind: 'state', state: 'compensating' })
    return this.compensate(context)
  }

  /** Backwards from the step that failed: it may have happened by half. */
  private async compensate(context: StepContext<Record<string, unknown>>): Promise<RunResult> {
    const { operation } = this
    for (const step of [...this.definition.steps].reverse()) {
      const record = this.record(step)
      if (!record || record.state === 'undone' || !step.undo) continue
      try {
        await this.followLeftTask(context)
        await this.mark(step, 'undoing')
        await step.undo(context)
        await this.mark(step, 'undone')
        operation.failures = 0
      } catch (error) {
        this.rethrowIfNotOurs(error)
        if (error instanceof WaitLonger) return this.pause(error.ms)
        operation.remoteTask = null
        if (isRetryable(error) && operation.failures + 1 < maxFailures) {
          return this.pauseAfterFailure(step, error)
        }
        await this.note(step, error)
        return this.askPerson()
      }
    }
    return this.end(
      operation.cancelRequestedAt && !operation.errorKind ? 'cancelled' : 'failed',
      context
    )
  }

  private async end(
    ending: Ending,
    { instance }: StepContext<Record<string, unknown>>
  ): Promise<RunResult> {
    const { operation } = this
    await db.transaction(async (trx) => {
      await this.definition.close?.({ operation, instance }, ending, trx)
      operation.move(ending)
      operation.openOn = null
      operation.endedAt = DateTime.utc()
      operation.heartbeatAt = null
      operation.notBefore = null
      operation.remoteTask = null
      await this.save(trx)
    })
    await progress.publish(operation, { kind: 'state', state: ending })
    logger.info(
      { operation: operation.uid, type: operation.type, ending, error: operation.error },
      'operation ended'
    )
    return { done: true }
  }

  private async askPerson(): Promise<RunResult> {
    const { operation } = this
    operation.move('needs_attention')
    operation.heartbeatAt = null
    await this.save()
    await progress.publish(operation, { kind: 'state', state: 'needs_attention' })
    logger.error({ operation: operation.uid, error: operation.error }, 'operation needs attention')
    return { done: true }
  }

  private async pauseAfterFailure(
    step: Step<Record<string, unknown>>,
    error: unknown
  ): Promise<RunResult> {
    this.operation.failures += 1
    const againInMs = backOffMs(this.operation.failures)
    await this.note(step, error)
    await progress.publish(this.operation, {
      kind: 'retry',
      step: step.name,
      reason: this.operation.error ?? '',
      atMs: Date.now() + againInMs,
    })
    return this.pause(againInMs)
  }

  /** Gives the operation back, so that any worker may take it after the pause. */
  private async pause(againInMs: number): Promise<RunResult> {
    this.operation.heartbeatAt = null
    this.operation.notBefore = Date.now() + againInMs
    await this.save()
    return { done: false, againInMs }
  }

  private async followLeftTask({ settle: follow }: StepContext<Record<string, unknown>>) {
    if (this.operation.remoteTask) await follow(this.operation.remoteTask)
  }

  private async context(): Promise<StepContext<Record<string, unknown>>> {
    const { operation } = this
    const instance = await Instance.findOrFail(operation.instanceId)
    const cluster = await Cluster.findOrFail(operation.clusterId)
    const driver = await cluster.openDriver()
    this.driver = driver
    const signal = AbortSignal.any([this.lost.signal, this.shutdown])
    const currentStep = () => operation.steps.at(-1)?.name ?? ''
    let lastTick = ''
    const tell = async (message: string | null, percent: number | null = null) => {
      const tick = `${percent} ${message}`
      if (tick === lastTick) return
      lastTick = tick
      await progress.publish(operation, { kind: 'progress', step: currentStep(), percent, message })
    }
    return {
      operation,
      input: operation.input,
      instance,
      cluster,
      driver,
      signal,
      progress: tell,
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

  private record(step: Step<Record<string, unknown>>): StepRecord | undefined {
    return this.operation.steps.find(({ name }) => name === step.name)
  }

  private async mark(step: Step<Record<string, unknown>>, state: StepRecord['state']) {
    const now = new Date().toISOString()
    const ended = state === 'running' || state === 'undoing' ? null : now
    const known = this.record(step)
    this.operation.steps = known
      ? this.operation.steps.map((record) =>
          record === known ? { ...record, state, endedAt: ended } : record
        )
      : [...this.operation.steps, { name: step.name, state, startedAt: now, endedAt: ended }]
    await this.save()
    await progress.publish(this.operation, { kind: 'step', step: step.name, state })
  }

  private async note(step: Step<Record<string, unknown>>, error: unknown): Promise<void> {
    const { operation } = this
    operation.errorKind = kindOf(error)
    operation.error = (error as Error).message.slice(0, 500)
    operation.failedStep = step.name
    logger.warn(
      { operation: operation.uid, step: step.name, kind: operation.errorKind, err: error },
      'a step failed'
    )
  }

  /** Every save carries the attempt: a runner that was thought dead learns here that it is not its turn. */
  private async save(trx?: TransactionClientContract): Promise<void> {
    const { operation } = this
    const beating = operation.isOpen && operation.heartbeatAt !== null
    const row = {
      state: operation.state,
      steps: JSON.stringify(operation.steps),
      remote_task: operation.remoteTask ? JSON.stringify(operation.remoteTask) : null,
      error_kind: operation.errorKind,
      error: operation.error,
      failed_step: operation.failedStep,
      failures: operation.failures,
      heartbeat_at: beating ? Date.now() : null,
      not_before: operation.notBefore,
      open_on: operation.openOn,
      started_at: operation.startedAt && sqlTime(operation.startedAt),
      ended_at: operation.endedAt && sqlTime(operation.endedAt),
      updated_at: sqlTime(DateTime.utc()),
    }
    const result: number | number[] = await (trx ?? db)
      .from('operations')
      .where({ id: operation.id, attempt: operation.attempt })
      .update(row)
    if (!(Array.isArray(result) ? result[0] : result)) {
      this.lost.abort(new LostOwnership())
      throw new LostOwnership()
    }
  }

  private async beat(): Promise<void> {
    try {
      const result: number | number[] = await db
        .from('operations')
        .where({ id: this.operation.id, attempt: this.operation.attempt })
        .whereNotNull('heartbeat_at')
        .update({ heartbeat_at: Date.now() })
      if (!(Array.isArray(result) ? result[0] : result)) this.lost.abort(new LostOwnership())
    } catch (error) {
      // The next save decides; a database that is away for a moment is not yet another runner.
      logger.warn({ operation: this.operation.uid, err: error }, 'heartbeat not written')
    }
  }

  private forgetError(): void {
    this.operation.error = null
    this.operation.errorKind = null
    this.operation.failedStep = null
  }

  private async isCancelAsked(): Promise<boolean> {
    if (this.definition.goesOn) return false
    const row = await db
      .from('operations')
      .where('id', this.operation.id)
      .select('cancel_requested_at')
      .first()
    if (!row?.cancel_requested_at) return false
    this.operation.cancelRequestedAt ??= DateTime.utc()
    return true
  }

  private rethrowIfNotOurs(error: unknown): void {
    if (error instanceof LostOwnership || this.lost.signal.aborted || this.shutdown.aborted) {
      throw error
    }
    // The database went away under us: nothing can be recorded now, the sweep takes it up again.
    if (isPassingDatabaseError(error)) throw error
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof DriverError && error.retryable
}

const PASSING_DATABASE_ERRORS = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_QUERY_INTERRUPTED',
  'ER_CONNECTION_KILLED',
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
])

/** Drivers let only DriverError out, so a bare code can only come from the database's client. */
function isPassingDatabaseError(error: unknown): boolean {
  const { code, name } = error as { code?: unknown; name?: string }
  return PASSING_DATABASE_ERRORS.has(String(code)) || name === 'KnexTimeoutError'
}

function kindOf(error: unknown): OperationErrorKind {
  if (error instanceof DriverError) return error.kind
  if (error instanceof DomainError) return 'refused'
  return 'unexpected'
}
