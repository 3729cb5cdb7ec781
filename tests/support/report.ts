import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { inspect } from 'node:util'
import app from '@adonisjs/core/services/app'
import type { PluginFn } from '@japa/runner/types'

/**
 * For bin/test, which adds all runs up: the first line of the file reads `passed failed skipped`, each further
 * one names a test that was left out and why. Beside it `FILE.failed` names the spec and the title of each
 * failed test, and `FILE.errors` says why it failed, as it happens: both are there when the run is ended.
 * Without a file nothing is written.
 */
export function report(file = process.env.TEST_REPORT): PluginFn {
  return ({ runner, emitter }) => {
    if (!file) return
    const leftOut: string[] = []
    const tell = (what: string, errors: { phase: string; error: unknown }[]) => {
      const causes = errors.map(
        ({ phase, error }) => `  in ${phase}: ${inspect(error, { depth: 3 })}`
      )
      writeFileSync(`${file}.errors`, [`✖ ${what}`, ...causes, ''].join('\n'), { flag: 'a' })
    }
    emitter.on('test:end', ({ title, meta, isSkipped, skipReason, isTodo, hasError, errors }) => {
      if (isSkipped || isTodo) leftOut.push(`${title.expanded}: ${skipReason ?? 'no reason given'}`)
      if (!hasError) return
      const spec = relative(app.makePath(), meta.fileName)
      writeFileSync(`${file}.failed`, `${spec}\t${title.expanded}\n`, { flag: 'a' })
      tell(`${title.expanded} (${spec})`, errors)
    })
    emitter.on('group:end', ({ title, errors }) => {
      if (errors.length > 0) tell(title, errors)
    })
    emitter.on('runner:end', () => {
      const { passed, failed, regression, skipped, todo } = runner.getSummary().aggregates
      const counts = `${passed} ${failed + regression} ${skipped + todo}`
      writeFileSync(file, [counts, ...leftOut, ''].join('\n'))
    })
  }
}
