import { writeFileSync } from 'node:fs'
import type { PluginFn } from '@japa/runner/types'

/**
 * For bin/test, which adds all runs up: the first line of the file reads `passed failed skipped`, each further
 * one names a test that was left out and why. Without a file nothing is written.
 */
export function report(file = process.env.TEST_REPORT): PluginFn {
  return ({ runner, emitter }) => {
    if (!file) return
    const leftOut: string[] = []
    emitter.on('test:end', ({ title, isSkipped, skipReason, isTodo }) => {
      if (isSkipped || isTodo) leftOut.push(`${title.expanded}: ${skipReason ?? 'no reason given'}`)
    })
    emitter.on('runner:end', () => {
      const { passed, failed, regression, skipped, todo } = runner.getSummary().aggregates
      const counts = `${passed} ${failed + regression} ${skipped + todo}`
      writeFileSync(file, [counts, ...leftOut, ''].join('\n'))
    })
  }
}
