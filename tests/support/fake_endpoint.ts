import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import app from '@adonisjs/core/services/app'

/** This process's fake clusters; another may be running its own tests beside it. */
const folder = app.tmpPath('test-clusters', String(process.pid))

process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** The address of a fake cluster that is not there yet; its file goes when the tests are over. */
export function fakeEndpoint(): string {
  return `fake:${folder}/${randomUUID()}.sqlite`
}
