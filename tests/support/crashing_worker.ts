/*
| `node ace worker` for the fault suite. All booted, it waits for the message "go". Any further message is a
| place, "web-1: run create after": when the instance web-1 comes by there, this process gets kill -9.
| Portico itself knows nothing of this: the steps are wrapped from outside.
*/
import 'reflect-metadata'
import { once } from 'node:events'
import { Ignitor, prettyPrintError } from '@adonisjs/core'
import type { LicenseContext, OperationDefinition, StepContext } from '#operations/definition'

type Context = StepContext<Record<string, unknown>>

const APP_ROOT = new URL('../../', import.meta.url)
const IMPORTER = (filePath: string) =>
  filePath.startsWith('./') || filePath.startsWith('../')
    ? import(new URL(filePath, APP_ROOT).href)
    : import(filePath)

let deadly: unknown = null

async function dieAt(place: string): Promise<void> {
  if (place !== deadly) return
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way; not one line more may run.
  await new Promise(() => {})
}

/** `begun`: the cluster has accepted, and nobody but it knows. */
function dyingIn(context: Context, name: string, work: string): Context {
  return {
    ...context,
    settle: async (task) => {
      await dieAt(`${name}: ${work} begun`)
      await context.settle(task)
    },
  }
}

/** The name of what it is done to: an instance, or a licence in its place. */
function subjectOf(given: object): string {
  const { instance, license } = given as Partial<Context & LicenseContext<unknown>>
  return (instance ?? license)!.name
}

function dying(work: string, run: (context: Context) => Promise<void>) {
  return async (context: Context) => {
    const name = subjectOf(context)
    await dieAt(`${name}: ${work} before`)
    await run(dyingIn(context, name, work))
    await dieAt(`${name}: ${work} after`)
  }
}

function withCrashes({ steps, close, ...definition }: OperationDefinition): OperationDefinition {
  return {
    ...definition,
    steps: steps.map(({ name, run, undo }) => ({
      name,
      run: dying(`run ${name}`, run),
      ...(undo ? { undo: dying(`undo ${name}`, undo) } : {}),
    })),
    close: async (closing, ending, trx) => {
      const name = subjectOf(closing)
      await dieAt(`${name}: close before`)
      await close?.(closing, ending, trx)
      await dieAt(`${name}: close after`)
    },
  }
}

new Ignitor(APP_ROOT, { importer: IMPORTER })
  .tap((app) => {
    app.booting(async () => {
      await import('#start/env')
    })
    app.ready(async () => {
      const { operations } = await import('#operations/index')
      for (const [type, definition] of Object.entries(operations)) {
        Object.assign(operations, { [type]: withCrashes(definition) })
      }
      const go = once(process, 'message')
      process.send!('booted')
      await go
      process.on('disconnect', () => process.exit())
      process.on('message', (place) => {
        deadly = place
        process.send!('understood')
      })
    })
  })
  .ace()
  .handle(['worker'])
  .catch((error) => {
    process.exitCode = 1
    prettyPrintError(error)
  })
