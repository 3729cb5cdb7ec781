import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { on, once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'

export type Variables = Record<string, string>
export type Ended = { code: number | null; signal: NodeJS.Signals | null }

/** Children that still run: whatever happens to a test, none outlives its process. */
const running = new Set<Process>()
process.once('exit', () => {
  for (const child of running) child.kill()
})

/** A process of Portico beside the one of the tests: what it said, and how it ended. */
export class Process {
  output = ''
  readonly ended: Promise<Ended>
  private readonly child: ChildProcess

  private constructor(
    readonly name: string,
    command: string[],
    variables: Variables,
    folder: string
  ) {
    const [file, ...rest] = command
    this.child = spawn(file, rest, {
      cwd: folder,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    running.add(this)
    this.child.stdout!.on('data', (text) => (this.output += text))
    this.child.stderr!.on('data', (text) => (this.output += text))
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      running.delete(this)
      return { code, signal }
    })
  }

  static start(
    name: string,
    command: string[],
    variables: Variables = {},
    folder = app.makePath()
  ): Process {
    return new Process(name, command, variables, folder)
  }

  get pid(): number {
    return this.child.pid!
  }

  get hasEnded(): boolean {
    return !running.has(this)
  }

  /** Waits until it said so. @throws Error with all it said instead, when it ends or takes too long */
  async says(text: string | RegExp, withinMs = 30_000): Promise<void> {
    const deadline = Date.now() + withinMs
    const said = () =>
      typeof text === 'string' ? this.output.includes(text) : text.test(this.output)
    while (!said()) {
      if (this.hasEnded || Date.now() > deadline) {
        throw new Error(`${this.name} never said ${text}, but:\n${this.output}`)
      }
      await sleep(25)
    }
  }

  /** Waits until it sends this; the framework sends messages of its own, too. */
  async message(expected: string): Promise<void> {
    for await (const [message] of on(this.child, 'message')) {
      if (message === expected) return
    }
  }

  send(message: string | object): void {
    this.child.send(message)
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal)
  }

  /** Asks it to end, and waits; forces it after a while. */
  async stop(withinMs = 30_000): Promise<Ended> {
    this.kill('SIGTERM')
    const ended = await Promise.race([this.ended, sleep(withinMs, null, { ref: false })])
    if (ended) return ended
    this.kill()
    return this.ended
  }

  /** kill -9, and waits until it is gone. */
  async die(): Promise<Ended> {
    this.kill()
    return this.ended
  }
}

/** The folder of a production build; null: the sources are run. */
export type Build = string | null

/** The one that bin/test and bin/bench make; null where there is none. */
export const PRODUCTION_BUILD: Build = process.env.PORTICO_BUILD ?? null

/** As the units in docs/guides/systemd start the build. A worker waits for clusters: it needs little room. */
const WEB_MEMORY = '--max-semi-space-size=32'
const WORKER_MEMORY = ['--max-semi-space-size=1', '--optimize-for-size', '--max-opt=2']
const WORKER_VARIABLES = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' }

/** `node ace worker`, once it takes jobs. */
export async function startWorker(
  variables: Variables = {},
  build: Build = null
): Promise<Process> {
  const command = [process.execPath, ...(build ? WORKER_MEMORY : []), 'ace.js', 'worker']
  const environment = build ? { ...WORKER_VARIABLES, ...variables } : variables
  const worker = Process.start('worker', command, environment, build ?? undefined)
  await worker.says('is running')
  return worker
}

export type Web = { process: Process; url: string }
/** One web process, or several behind one port. */
export type WebEntry = 'server' | 'cluster'

/** A web process, once it listens. */
export async function startWeb(
  variables: Variables = {},
  build: Build = null,
  entry: WebEntry = 'server'
): Promise<Web> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const command = build
    ? [WEB_MEMORY, `bin/${entry}.js`]
    : ['--import=@poppinss/ts-exec', `bin/${entry}.ts`]
  const web = Process.start(
    'web',
    [process.execPath, ...command],
    { PORT: String(port), APP_URL: url, ...variables },
    build ?? undefined
  )
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    const response = await fetch(`${url}/health/live`).catch(() => null)
    if (response?.ok) return { process: web, url }
    if (web.hasEnded) break
  }
  throw new Error(`web did not come up:\n${web.output}`)
}

/** A web process of the production build, with keys of its own, on the database and Redis of the tests. */
export function startProductionWeb(build: string, more: Variables = {}): Promise<Web> {
  const variables = {
    NODE_ENV: 'production',
    APP_KEY: randomBytes(32).toString('base64'),
    CREDENTIAL_KEYS: `p1:${randomBytes(32).toString('base64')}`,
    SESSION_DRIVER: 'database',
    LIMITER_STORE: 'database',
    LOG_LEVEL: 'warn',
    ...more,
  }
  return startWeb(variables, build)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until it is so. @throws Error that says what was waited for */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 20_000
): Promise<void> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(40)) {
    if (await isSo()) return
  }
  throw new Error(`${withinMs} ms were not enough until ${what}`)
}
