import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { Ignitor } from '@adonisjs/core'
import type { ApplicationService } from '@adonisjs/core/types'

const APP_ROOT = new URL('../../', import.meta.url)
const IMPORTER = (filePath: string) =>
  filePath.startsWith('./') || filePath.startsWith('../')
    ? import(new URL(filePath, APP_ROOT).href)
    : import(filePath)

/** Keys of this run: the production build refuses those that everybody can read in .env.test. */
Object.assign(process.env, {
  TZ: 'UTC',
  LOG_LEVEL: 'warn',
  APP_KEY: randomBytes(32).toString('hex'),
  CREDENTIAL_KEYS: `bench:${randomBytes(32).toString('base64')}`,
})

/** What the processes under measure are started with, beside what this one has. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  SESSION_DRIVER: 'database',
  LIMITER_STORE: 'database',
}

/** Portico in this process, on the bench's empty database, so that its models can set the scene. */
export async function withPortico(measure: (app: ApplicationService) => Promise<object>) {
  // Ended from outside, it takes along what it started.
  process.once('SIGTERM', () => process.exit(143))
  const app = new Ignitor(APP_ROOT, { importer: IMPORTER })
    .tap((booting) => {
      booting.booting(async () => {
        await import('#start/env')
      })
    })
    .createApp('test')
  await app.init()
  await app.boot()
  await app.start(() => {})
  let failed = false
  try {
    const { freshDatabase } = await import('#tests/support/test_database')
    await freshDatabase()
    const figures = await measure(app)
    console.log(JSON.stringify(figures))
  } catch (error) {
    failed = true
    console.error(error)
  } finally {
    await app.terminate()
  }
  // Sockets that are kept alive must not keep the bench.
  process.exit(failed ? 1 : 0)
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
