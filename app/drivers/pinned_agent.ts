import https from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { ServerIdentity } from '#drivers/contract'

const CONNECT_MS = 5_000

/** The server shows another certificate than the one that was pinned: nothing was sent to it. */
export class PinMismatch extends Error {
  override name = 'PinMismatch'
  constructor(
    readonly shown: string,
    readonly pinned: string
  ) {
    super(`the server shows certificate ${shown}, pinned is ${pinned}`)
  }
}

export class ConnectTimeout extends Error {
  override name = 'ConnectTimeout'
}

/** SHA-256 of the DER form: 64 lower-case hex digits, as LXD writes it. */
export function fingerprintOf(socket: tls.TLSSocket): string {
  const { fingerprint256 } = socket.getPeerCertificate()
  return (fingerprint256 ?? '').replaceAll(':', '').toLowerCase()
}

/**
 * A TLS connection of which nothing is believed yet. A server like LXD or a router signs its own certificate,
 * so no authority can vouch for it; the fingerprint does, and whoever gets this socket compares it before he writes.
 */
export function connectUnverified(
  { host, port, secureContext }: { host: string; port: number; secureContext?: tls.SecureContext },
  done: (error: Error | null, socket?: tls.TLSSocket) => void
): void {
  // A URL writes IPv6 in brackets, a socket does not.
  const name = host.replace(/^\[(.*)\]$/, '$1')
  const socket = tls.connect({
    host: name,
    port,
    secureContext,
    servername: isIP(name) ? undefined : name,
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
  })
  const settle = (error: Error | null) => {
    clearTimeout(timer)
    socket.removeListener('error', settle)
    if (error) socket.once('error', () => {}).destroy()
    done(error, error ? undefined : socket)
  }
  const timer = setTimeout(
    () => settle(new ConnectTimeout(`no connection within ${CONNECT_MS} ms`)),
    CONNECT_MS
  )
  socket.once('error', settle)
  socket.once('secureConnect', () => settle(null))
}

/** What a server shows to whoever comes, before anything is sent to it or believed. */
export function identifyServer(host: string, port: number): Promise<ServerIdentity> {
  return new Promise((resolve, reject) => {
    connectUnverified({ host, port }, (error, socket) => {
      if (!socket) return reject(error)
      const { subject, valid_from: from, valid_to: to } = socket.getPeerCertificate()
      const fingerprint = fingerprintOf(socket)
      socket.destroy()
      resolve({
        fingerprint,
        subject: Object.entries(subject)
          .map(([name, value]) => `${name}=${value}`)
          .join(', '),
        validFrom: new Date(from).toISOString(),
        validTo: new Date(to).toISOString(),
      })
    })
  })
}

/** Hands out connections to the one server whose certificate was pinned, and to no other. */
export class PinnedAgent extends https.Agent {
  constructor(
    private readonly pinned: string,
    private readonly secureContext: tls.SecureContext = tls.createSecureContext()
  ) {
    super({ keepAlive: true, maxFreeSockets: 16 })
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void
  ): undefined {
    const given = callback as (error: Error | null, stream?: Duplex) => void
    connectUnverified(
      {
        host: String(options.host),
        port: Number(options.port),
        secureContext: this.secureContext,
      },
      (error, socket) => {
        if (!socket) return given(error)
        const shown = fingerprintOf(socket)
        if (shown === this.pinned) return given(null, socket)
        socket.destroy()
        given(new PinMismatch(shown, this.pinned))
      }
    )
  }
}
