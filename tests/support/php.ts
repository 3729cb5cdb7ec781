import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import app from '@adonisjs/core/services/app'

const run = promisify(execFile)

export type Checked = { passed: number; failures: string[] }

/** Why no PHP can be run here; null: it can. */
export async function missingPhp(): Promise<string | null> {
  try {
    const { stdout } = await run('php', ['-m'])
    return /^curl$/m.test(stdout) ? null : 'php-curl is not installed'
  } catch {
    return 'php-cli is not installed'
  }
}

/** A script of the plugin's own checks; it tells in TAP what holds. */
export async function phpChecks(
  script: string,
  given: Record<string, string> = {},
  timeoutMs = 110_000
): Promise<Checked> {
  const file = app.makePath('php-plugin/tests', script)
  if (!existsSync(file)) throw new Error(`there is no ${file}`)
  const environment = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`PORTICO_${name}`, value])
  )
  const { stdout, stderr, ended } = await run('php', ['-d', 'display_errors=stderr', file], {
    env: { ...process.env, ...environment },
    timeout: timeoutMs,
    maxBuffer: 16 * 1_048_576,
  })
    .then((said) => ({ ...said, ended: true }))
    .catch(({ stdout: said = '', stderr: wrong = '' }) => ({
      stdout: said,
      stderr: wrong,
      ended: false,
    }))
  const lines = String(stdout).split('\n')
  const failures = lines.flatMap((line, index) =>
    line.startsWith('not ok') ? [[line, ...indented(lines.slice(index + 1))].join('\n')] : []
  )
  const isWhole = lines.some((line) => /^1\.\.\d+$/.test(line))
  if (!isWhole || (!ended && failures.length === 0)) failures.push(`${script} broke off: ${stderr}`)
  return { passed: lines.filter((line) => line.startsWith('ok ')).length, failures }
}

function indented(lines: string[]): string[] {
  const end = lines.findIndex((line) => !line.startsWith('  '))
  return end === -1 ? lines : lines.slice(0, end)
}
