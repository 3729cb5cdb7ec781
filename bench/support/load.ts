import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Call = {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

export type Load = { p50Ms: number; p95Ms: number; perSecond: number }

const SCRIPT = new URL('load.lua', import.meta.url).pathname

/**
 * So many requests in flight for so long, these calls in turn. `wrk` makes them: it takes next to nothing of the
 * cores that are measured, where a client in our own language takes a tenth.
 *
 * @throws when an answer is no 200 or does not hold `expected`, and when a connection breaks
 */
export async function load(
  url: string,
  calls: Call[],
  { inFlight, seconds, expected }: { inFlight: number; seconds: number; expected: string }
): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-load-'))
  try {
    const file = join(folder, 'calls')
    await writeFile(file, calls.map((call) => framed(written(new URL(url).host, call))).join(''))
    const options = ['--threads', '1', '--connections', `${inFlight}`, '--duration', `${seconds}s`]
    const said = await outputOf('wrk', [...options, '--script', SCRIPT, url, '--', file, expected])
    const { wrong, ...figures } = JSON.parse(said.trim().split('\n').at(-1)!)
    if (wrong > 0) throw new Error(`${wrong} wrong answers under load`)
    return figures
  } finally {
    await rm(folder, { recursive: true })
  }
}

function written(host: string, { method, path, headers, body = '' }: Call): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? [`content-length: ${Buffer.byteLength(body)}`] : []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Length first, so that the script need not know where one ends. */
function framed(text: string): string {
  return `${Buffer.byteLength(text)}\n${text}\n`
}

function outputOf(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(said)
      else reject(new Error(`${command} ended with ${code}: ${said}`))
    })
  })
}
