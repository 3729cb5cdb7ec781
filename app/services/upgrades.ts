import { ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { ForeignOrigin, UpgradeRequired } from '#exceptions/domain_error'

export type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer }

const waiting = new WeakMap<IncomingMessage, Upgrade>()

/**
 * Requests that want to become a websocket take the way of all others: the same middleware, the same routes, the
 * same refusals. A controller that serves one takes its socket; whatever else is answered ends the connection.
 */
export function acceptUpgrades(
  server: Server | SecureServer,
  handle: (request: IncomingMessage, response: ServerResponse) => unknown
): void {
  Object.assign(server, { shouldUpgradeCallback: wantsWebsocket })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => socket.end())
    socket.on('error', () => socket.destroy())
    waiting.set(request, { request, socket, head })
    handle(request, response)
  })
}

/**
 * Of a request that may become a socket: opened by a page of ours, for a cookie alone does not tell who opens it.
 * A program's token does: no page can make a browser send one.
 * @throws UpgradeRequired, ForeignOrigin
 */
export function upgradeOf({ request, auth }: HttpContext): Upgrade {
  const upgrade = waiting.get(request.request)
  if (!upgrade) throw new UpgradeRequired()
  if (auth.authenticatedViaGuard === 'api') return upgrade
  const origin = URL.parse(request.header('origin') ?? '')
  if (!origin || origin.host !== request.host()) throw new ForeignOrigin()
  return upgrade
}

/** Takes the socket out of HTTP's hands: nothing more is written there as an answer. */
export function takeOver({ response }: HttpContext): void {
  const answer = response.response
  waiting.delete(answer.req)
  answer.detachSocket(answer.socket!)
  answer.statusCode = 101
  Object.defineProperties(answer, {
    headersSent: { value: true },
    writableFinished: { value: true },
  })
  answer.emit('close')
}

/** Of another protocol nothing is known here; HTTP lets one go on as if it had not been asked for. */
function wantsWebsocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}
