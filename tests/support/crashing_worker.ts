/*
| `node ace worker` for the fault suite. All booted, it waits for the message "go"; every further message is a
| Doom. At a place, `web-1: run create after`, where the instance web-1 comes by, this process gets kill -9, or
| stops until it is told to go on. Portico itself knows nothing of this: the steps are wrapped from outside.
*/
import 'reflect-metadata'
import { once } from 'node:events'
import { Ignitor, prettyPrintError } from '@adonisjs/core'
import { DriverError } from '#drivers/errors'
import type { LicenseContext, OperationDefinition, StepContext } from '#operations/definition'
import type { Doom } from '#tests/support/crash'
import type { Errand } from '#tests/support/errands'

type Context = StepContext<Record<string, unknown>>

const APP_ROOT = new URL('../../', import.meta.url)
const IMPORTER = (filePath: string) =>
  filePath.startsWith('./') || filePath.startsWith('../')
    ? import(new URL(filePath, APP_ROOT).href)
    : import(filePath)

const dooms = new Set<Doom>()
const held = new Set<string>()

async function comeBy(place: string): Promise<void> {
  for (const doom of dooms) {
    switch (doom.deed) {
      case 'die':
        if (doom.at === place) await die()
        break
      case 'die after':
        doom.places -= 1
        if (doom.places <= 0) await die()
        break
      case 'die together':
        await comeTogether(doom, place)
        break
      case 'fail':
        if (doom.at !== place) break
        dooms.delete(doom)
        throw new DriverError('invalid', 'this step was told to fail')
      case 'stop':
        if (doom.at !== place) break
        dooms.delete(doom)
        process.send!(place)
        await once(process, 'message')
        break
      default: {
        const never: never = doom
        return never
      }
    }
  }
}

/** Who comes to its place stays there, however often it is taken up again, and the last one is the end of all. */
async function comeTogether({ at }: { at: string[] }, place: string): Promise<void> {
  if (!at.includes(place)) return
  held.add(place)
  if (at.every((other) => held.has(other))) await die()
  console.log(`held at ${place}`)
  await new Promise(() => {})
}

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way; not one line more may run.
  return new Promise(() => {})
}

/** `begun`: the cluster has accepted, and nobody but it knows. */
function mortalIn(context: Context, name: string, work: string): Context {
  return {
    ...context,
    settle: async (task) => {
      await comeBy(`${name}: ${work} begun`)
      await context.settle(task)
    },
  }
}

/** The name of what it is done to: an instance, or a licence in its place. */
function subjectOf(given: object): string {
  const { instance, license } = given as Partial<Context & LicenseContext<unknown>>
  return (instance ?? license)!.name
}

function mortal(work: string, run: (context: Context) => Promise<void>) {
  return async (context: Context) => {
    const name = subjectOf(context)
    await comeBy(`${name}: ${work} before`)
    await run(mortalIn(context, name, work))
    await comeBy(`${name}: ${work} after`)
  }
}

function withCrashes({ steps, close, ...definition }: OperationDefinition): OperationDefinition {
  return {
    ...definition,
    steps: steps.map(({ name, run, undo, ...step }) => ({
      ...step,
      name,
      run: mortal(`run ${name}`, run),
      ...(undo ? { undo: mortal(`undo ${name}`, undo) } : {}),
    })),
    close: async (closing, ending, trx) => {
      const name = subjectOf(closing)
      await comeBy(`${name}: close before`)
      await close?.(closing, ending, trx)
      await comeBy(`${name}: close after`)
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
      const errands = await import('#tests/support/errands')
      errands.makeErrandsMortal(comeBy)
      const go = once(process, 'message')
      process.send!('booted')
      await go
      process.on('disconnect', () => process.exit())
      process.on('message', (message: Doom | Errand | 'go on') => {
        if (message === 'go on') return
        if ('errand' in message) {
          void errands.run(message)
          return
        }
        dooms.add(message)
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
