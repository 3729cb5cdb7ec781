import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TestContext } from '@japa/runner/core'
import type Operation from '#models/operation'
import { isPassing } from '#models/concerns/database_errors'
import { Tenant } from '#models/concerns/tenant'
import type { OperationType } from '#models/types'
import type { OperationDefinition, StepContext } from '#operations/definition'
import { operations } from '#operations/index'
import { runOperation, type RunResult } from '#operations/run_operation'
import { until } from '#tests/support/processes'

type Context = StepContext<Record<string, unknown>>
type Cleanup = TestContext['cleanup']
type Deed = 'run' | 'undo'

/** Called at the edges of every step: `run create before`. */
export type Watcher = (
  point: `${Deed} ${string} ${'before' | 'after'}`,
  context: Context
) => void | Promise<void>

/** Changes an operation's definition until the test is over. */
export function useDefinition(
  cleanup: Cleanup,
  type: OperationType,
  change: (definition: OperationDefinition) => Partial<OperationDefinition>
): void {
  const definition = operations[type]
  operations[type] = { ...definition, ...change(definition) }
  cleanup(() => {
    operations[type] = definition
  })
}

/** Writes down what runs, `run create`, and lets the test step in at every edge. */
export function watchSteps(
  cleanup: Cleanup,
  type: OperationType,
  watcher: Watcher = () => {}
): string[] {
  const seen: string[] = []
  const watched = (name: string, deed: Deed, work: (context: Context) => Promise<void>) => {
    return async (context: Context) => {
      seen.push(`${deed} ${name}`)
      await watcher(`${deed} ${name} before`, context)
      await work(context)
      await watcher(`${deed} ${name} after`, context)
    }
  }
  useDefinition(cleanup, type, ({ steps }) => ({
    steps: steps.map(({ name, run, undo, ...step }) => ({
      ...step,
      name,
      run: watched(name, 'run', run),
      ...(undo ? { undo: watched(name, 'undo', undo) } : {}),
    })),
  }))
  return seen
}

/** One run, as a worker's job would do it. */
export function runOnce(operation: Operation, shutdown?: AbortSignal): Promise<RunResult> {
  return Tenant.none(() => runOperation(operation.id, shutdown))
}

/** The operation as the database has it now. */
export async function reread(operation: Operation): Promise<Operation> {
  await Tenant.run(operation.organizationId, () => operation.refresh())
  return operation
}

/** Waits until nothing more is done for it, whatever its end: by workers, in other processes. */
export async function ended(operation: Operation): Promise<Operation> {
  const isOver = () =>
    patiently(async () => {
      const { isFinal, state } = await reread(operation)
      return isFinal || state === 'needs_attention'
    })
  await until(`${operation.type} ${operation.id} is over`, isOver, 90_000)
  return operation
}

/** While the database is away, tries again. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error) || attempt > 50) throw error
      await sleep(200)
    }
  }
}

/** As if its runner had said nothing for long. */
export async function makeStale(operation: Operation): Promise<void> {
  await db.from('operations').where('id', operation.id).update({ heartbeat_at: 1 })
}

/** As if the pause after a failure were over. */
export async function endPause(operation: Operation): Promise<void> {
  await db.from('operations').where('id', operation.id).update({ not_before: null })
}

/** What an instance holds: nothing of it may be left when it is gone. */
export async function holdings(instanceId: number) {
  const [addresses, quotas, secrets] = await Promise.all([
    db.from('addresses').where('instance_id', instanceId).select('address', 'assigned_at'),
    db.from('quota_holdings').where('subject', `instance-${instanceId}`).select('resource'),
    db
      .from('one_time_secrets')
      .where('instance_id', instanceId)
      .whereNotNull('value_encrypted')
      .select('id'),
  ])
  return { addresses: addresses.length, quotas: quotas.length, secrets: secrets.length }
}

/** `used` of each resource of an organization. */
export async function usage(organizationId: number): Promise<Record<string, number>> {
  const rows = await db.from('quotas').where('organization_id', organizationId)
  return Object.fromEntries(rows.map((row) => [row.resource, Number(row.used)]))
}

/** A promise and the hand that fulfils it. */
export function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}
