import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { ComputeDriver, RemoteTask } from '#drivers/contract'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import type { OperationType } from '#models/types'

/** What a step is given. Nothing in it survives the step: what must last goes into a row. */
export type StepContext<Input> = {
  operation: Operation
  input: Input
  instance: Instance
  cluster: Cluster
  driver: ComputeDriver
  /** Aborted when another runner took over, or the worker shuts down. */
  signal: AbortSignal
  /** Follows a remote task to its end; a runner that comes after a crash follows it too. */
  settle(task: RemoteTask): Promise<void>
  progress(message: string | null, percent?: number | null): Promise<void>
}

export type Step<Input> = {
  name: string
  /** "Ensure", not "do": it may run again after a crash at any point of it. */
  run(context: StepContext<Input>): Promise<void>
  /** Takes it back, also when it happened by half or not at all. */
  undo?(context: StepContext<Input>): Promise<void>
}

export type Ending = 'succeeded' | 'failed' | 'cancelled'

export type OperationDefinition<Input = Record<string, unknown>> = {
  type: OperationType
  steps: readonly Step<Input>[]
  /** Goes on until it is done and is never taken back; when it cannot go on, a person is asked. */
  goesOn?: boolean
  /** What changes in our own rows at the end, in the transaction that closes the operation. */
  close?(
    context: { operation: Operation; instance: Instance },
    ending: Ending,
    trx: TransactionClientContract
  ): Promise<void>
}

/** Keeps the type of the input inside the definition, and forgets it for the catalogue. */
export function defineOperation<Input extends Record<string, unknown>>(
  definition: OperationDefinition<Input>
): OperationDefinition {
  return definition as unknown as OperationDefinition
}
