/* Starts the web process. */
import 'reflect-metadata'
import { Ignitor, prettyPrintError } from '@adonisjs/core'

const APP_ROOT = new URL('../', import.meta.url)
const IMPORTER = (filePath: string) =>
  filePath.startsWith('./') || filePath.startsWith('../')
    ? import(new URL(filePath, APP_ROOT).href)
    : import(filePath)

const started = new Ignitor(APP_ROOT, { importer: IMPORTER })
  .tap((app) => {
    app.booting(async () => {
      await import('#start/env')
    })
    // Told to end while it starts, it starts first: what is being opened cannot be closed.
    const end = () => void started.then(() => app.terminate())
    app.listen('SIGTERM', end)
    app.listen('SIGINT', end)
  })
  .httpServer()
  .start()
  .catch((error) => {
    process.exitCode = 1
    // A person has to read what is wrong with the settings, not where we noticed.
    if (error.code === 'E_INVALID_SETTINGS') console.error(error.message)
    else prettyPrintError(error)
  })
