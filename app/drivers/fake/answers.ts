import { setTimeout as sleep } from 'node:timers/promises'
import { observed } from '#drivers/calls'
import type { ClusterConnection } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { takeFault, toError, type FakeCall } from '#drivers/fake/faults'
import { FakeFile, pathOf } from '#drivers/fake/file'
import { readOptions, type FakeOptions } from '#drivers/fake/options'

export type Answering = { file: FakeFile; options: FakeOptions }

/** Every call to the fake cluster passes here: its delay, the faults it was told, what has come due. */
export class FakeAnswers {
  /** Set by the driver; lets happen what has come due before anything is read. */
  catchUp: () => void = () => {}
  private readonly path: string
  private opened: FakeFile | null = null

  constructor(private readonly connection: ClusterConnection) {
    this.path = pathOf(connection.endpoint)
  }

  get file(): FakeFile {
    this.opened ??= FakeFile.open(this.path)
    return this.opened
  }

  get options(): FakeOptions {
    return readOptions(this.file, this.connection.settings)
  }

  give<Answer>(
    call: FakeCall,
    ref: string | null,
    answer: (answering: Answering) => Answer | Promise<Answer>
  ): Promise<Answer> {
    return observed(this.connection, call, async () => {
      try {
        const { file, options } = this
        if (options.callMs > 0) await sleep(options.callMs)
        if (options.offline) throw new DriverError('unreachable', 'the fake cluster is offline')
        const refused = takeFault(file, call, 'refuse', ref)
        if (refused) throw toError(refused, 'unreachable')
        this.catchUp()
        const given = await answer({ file, options })
        const lost = takeFault(file, call, 'lose_answer', ref)
        if (lost) throw toError(lost, 'timeout')
        return given
      } catch (error) {
        throw asDriverError(error)
      }
    })
  }

  change<Answer>(
    call: FakeCall,
    ref: string,
    answer: (answering: Answering) => Answer
  ): Promise<Answer> {
    return this.give(call, ref, (answering) => answering.file.transaction(() => answer(answering)))
  }

  close(): void {
    this.opened?.close()
    this.opened = null
  }
}

function asDriverError(error: unknown): DriverError {
  if (error instanceof DriverError) return error
  // SQLite's words for "another process writes": the cluster is there, but not now.
  const isLocked = /locked|busy/i.test((error as Error).message)
  return new DriverError(
    isLocked ? 'busy' : 'unreachable',
    isLocked ? 'the fake cluster is busy' : 'the fake cluster cannot be read',
    { cause: error }
  )
}
