/*
| Starts several web processes on one port, one for each core unless told how many: `node bin/cluster.js 4`.
| Each is what bin/server.ts starts. One that dies is replaced; when they die as soon as they start, this ends
| too, so that whoever started it learns of it.
*/
import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'

/**
 * Room for what is new, in MB. With half of it a busy process collects so often that it makes a fifth fewer pages;
 * twice as much makes no more of them, and costs 70 MB.
 */
const MEMORY = '--max-semi-space-size=32'
const HEALTHY_MS = 10_000
const MAX_EARLY_DEATHS = 5

if (cluster.isPrimary) supervise(Number(process.argv[2]) || availableParallelism())
else await import('./server.js')

function supervise(count: number): void {
  cluster.setupPrimary({ execArgv: [...process.execArgv, MEMORY] })
  let isStopping = false
  let earlyDeaths = 0

  const start = () => {
    const startedAt = Date.now()
    // What is measured and logged by a worker names it, not this process.
    cluster.fork().on('exit', (code, signal) => {
      if (isStopping) return
      earlyDeaths = Date.now() - startedAt < HEALTHY_MS ? earlyDeaths + 1 : 0
      process.stderr.write(`a web process ended (${signal ?? code})\n`)
      if (earlyDeaths < MAX_EARLY_DEATHS) start()
      else stop(1)
    })
  }

  const stop = (exitCode = 0) => {
    if (isStopping) return
    // A worker that ends in peace exits with 0: only this flag tells that from one to be replaced.
    isStopping = true
    process.exitCode = exitCode
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM')
  }

  process.on('SIGTERM', () => stop())
  process.on('SIGINT', () => stop())
  for (let number = 0; number < count; number++) start()
}
