import { AsyncLocalStorage } from 'node:async_hooks'
import logger from '@adonisjs/core/services/logger'
import { WebSocketServer, type WebSocket } from 'ws'
import { CONSOLE_LOOK_MS, CONSOLE_PROTOCOL, CONSOLE_SEEN_MS, consoleLimits } from '#config/console'
import type { ComputeDriver, ConsoleStream, TerminalSize } from '#drivers/contract'
import ConsoleSession from '#models/console_session'
import { ConsoleConnection, endingOf } from '#services/console/connection'
import { openConsoles } from '#services/metrics'
import { shuttingDown } from '#services/shutdown'
import type { Upgrade } from '#services/upgrades'

/**
 * Brings browsers and consoles together: the browser speaks to this process alone, the driver to the cluster.
 * What was opened is looked after every two seconds, with four statements however much it is: it ends when the
 * sign-in, the role or the instance does, whichever process saw to that.
 */
class ConsoleBroker {
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: consoleLimits.largestMessage,
    handleProtocols: (offered) => offered.has(CONSOLE_PROTOCOL) && CONSOLE_PROTOCOL,
  })
  private readonly open = new Map<ConsoleSession, ConsoleConnection>()
  private timer: NodeJS.Timeout | null = null
  private seenAt = 0

  constructor() {
    shuttingDown.addEventListener('abort', () => this.endAll('shutdown'), { once: true })
  }

  /** Serves a session that was just opened, until it ends. */
  async serve(session: ConsoleSession, upgrade: Upgrade, size: TerminalSize): Promise<void> {
    // What happens at the end belongs to the request that began it: its tenant, its person, its address.
    const inContext = AsyncLocalStorage.snapshot()
    const socket = this.accept(upgrade)
    if (!socket) return session.close('left')
    const { instance, kind } = session
    const connection = new ConsoleConnection(socket, size, kind)
    this.look(session, connection)
    const reaching = instance.load('cluster').then(() => instance.cluster.openDriver())
    connection
      .join(async (asked) => streamOf(await reaching, session, asked))
      .catch((error) => {
        logger.info({ err: error, console: session.uid }, 'a console could not be opened')
        connection.end(endingOf(error))
      })
    const ending = await connection.ended
    this.forget(session)
    await reaching.then((driver) => driver.close()).catch(() => {})
    await inContext(() => session.close(ending)).catch((error) => {
      // The sweep closes it later.
      logger.error({ err: error, console: session.uid }, 'the end of a console was not recorded')
    })
  }

  /** null when it was no proper handshake, which has been answered by then. */
  private accept({ request, socket, head }: Upgrade): WebSocket | null {
    let accepted: WebSocket | null = null
    this.server.handleUpgrade(request, socket, head, (opened) => (accepted = opened))
    return accepted
  }

  private look(session: ConsoleSession, connection: ConsoleConnection): void {
    this.open.set(session, connection)
    openConsoles.set(this.open.size)
    this.timer ??= setInterval(() => void this.lookAfter(), CONSOLE_LOOK_MS)
    if (shuttingDown.aborted) connection.end('shutdown')
  }

  private forget(session: ConsoleSession): void {
    this.open.delete(session)
    openConsoles.set(this.open.size)
    if (this.open.size > 0 || !this.timer) return
    clearInterval(this.timer)
    this.timer = null
  }

  private async lookAfter(): Promise<void> {
    try {
      const sessions = [...this.open.keys()]
      const endings = await ConsoleSession.endings(sessions)
      for (const session of sessions) {
        const ending = endings.get(session.id)
        if (ending) this.open.get(session)?.end(ending)
      }
      if (Date.now() - this.seenAt < CONSOLE_SEEN_MS) return
      this.seenAt = Date.now()
      await ConsoleSession.markSeen(sessions.map(({ id }) => id))
    } catch (error) {
      // A database that is away for a moment: nobody can sign out meanwhile either.
      logger.warn({ err: error }, 'open consoles could not be looked after')
    }
  }

  private endAll(ending: 'shutdown'): void {
    for (const connection of this.open.values()) connection.end(ending)
  }
}

async function streamOf(
  driver: ComputeDriver,
  { instance, kind }: ConsoleSession,
  size: TerminalSize
): Promise<ConsoleStream> {
  if (kind !== 'screen') return driver.console!.open(instance.ref, kind, size)
  // The picture is as large as the guest draws it; the browser fits it into its window.
  return { bytes: await driver.screen!.open(instance.ref), resize: () => {} }
}

export const consoleBroker = new ConsoleBroker()
