import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { ComputeDriver, RemoteTask } from '#drivers/contract'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import type License from '#models/license'
import type Operation from '#models/operation'
import type { OperationType } from '#models/types'

/** What every step is given. Nothing in it survives the step: what must last goes into a row. */
export type BareContext<Input> = {
  operation: Operation
  input: Input
  /** Aborted when another runner took over, or the worker shuts down. */
  signal: AbortSignal
  progress(message: string | null, percent?: number | null): Promise<void>
}

/** … and a step of an operation on an instance. */
export type StepContext<Input> = BareContext<Input> & {
  instance: Instance
  cluster: Cluster
  driver: ComputeDriver
  /** Follows a remote task to its end; a runner that comes after a crash follows it too. */
  settle(task: RemoteTask): Promise<void>
}

/** … and on a licence, which no cluster knows. */
export type LicenseContext<Input> = BareContext<Input> & { license: License }

export type Step<Input, Context = StepContext<Input>> = {
  name: string
  /** "Ensure", not "do": it may run again after a crash at any point of it. */
  run(context: Context): Promise<void>
  /** From here on nothing is taken back any more: it goes on, and when it cannot, a person is asked. */
  goesOn?: boolean
  /** Takes it back, also when it happened by half or not at all. */
  undo?(context: Context): Promise<void>
}

export type Ending = 'succeeded' | 'failed' | 'cancelled'

export type OperationDefinition<
  Input = Record<string, unknown>,
  Context = StepContext<Input>,
  Subject = { instance: Instance },
> = {
  type: OperationType
  steps: readonly Step<Input, Context>[]
  /** Goes on until it is done and is never taken back; when it cannot go on, a person is asked. */
  goesOn?: boolean
  /** What changes in our own rows at the end, in the transaction that closes the operation. */
  close?(
    context: { operation: Operation } & Subject,
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

/** The same for what is done to a licence; the runner hands its steps the licence in the instance's place. */
export function defineLicenseOperation<Input extends Record<string, unknown>>(
  definition: OperationDefinition<Input, LicenseContext<Input>, { license: License }>
): OperationDefinition {
  return definition as unknown as OperationDefinition
}
