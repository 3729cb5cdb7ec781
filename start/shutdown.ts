import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import server from '@adonisjs/core/services/server'
import redis from '@adonisjs/redis/services/main'
import { drainMs, shutdownDelayMs } from '#config/app'
import { closeQueues } from '#services/queue'
import { announceShutdown } from '#services/shutdown'

/*
| What happens between SIGTERM and the end of a process. Hooks run in the reverse of their order.
*/

/** Longest time that what is closed by now may take to let go of the process. */
const LINGER_MS = 2_000
const LET_GO_MS = 200

/** The last hook: a connection to something that is away must not keep a process that has done all else. */
app.terminating(() => {
  if (app.getEnvironment() === 'test') return
  setTimeout(() => {
    logger.warn('something would not close; the process ends without it')
    process.exit()
  }, LINGER_MS).unref()
})

/** By now nobody uses them. Asked to quit politely, one that is just not there would fail the shutdown. */
app.terminating(async () => {
  await closeQueues()
  for (const [name, connection] of Object.entries(redis.activeConnections)) {
    await connection?.disconnect()
    Reflect.deleteProperty(redis.activeConnections, name)
  }
})

/** Added when a web process listens already, so that it comes before the wait for open requests. */
app.ready(() => {
  if (app.getEnvironment() !== 'web') return
  app.terminating(async () => {
    announceShutdown()
    // A balancer that asks /health/ready needs a moment to look elsewhere.
    if (shutdownDelayMs > 0) await sleep(shutdownDelayMs)
    // A connection that was busy when the server closed is kept for what may come next: nobody else lets it go.
    setInterval(() => server.getNodeServer()?.closeIdleConnections(), LET_GO_MS).unref()
    setTimeout(() => {
      logger.warn('requests that did not end in time are cut off')
      server.getNodeServer()?.closeAllConnections()
    }, drainMs).unref()
  })
})
