import https from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClusterConnection } from '#drivers/contract'
import { identify } from '#drivers/lxd/driver'
import { selfSigned } from '#tests/support/certificates'

const server = selfSigned('127.0.0.1')
const client = selfSigned('portico')

/** A server of our own on 127.0.0.1 that answers as the test says, and remembers what it was asked. */
export class TlsServer {
  readonly requests: string[] = []

  private constructor(
    private readonly http: https.Server,
    readonly fingerprint: string
  ) {}

  static async listen(
    answer: (request: IncomingMessage, response: ServerResponse) => void
  ): Promise<TlsServer> {
    const http = https.createServer({ cert: server.certificate, key: server.privateKey })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { fingerprint } = await identify(`https://127.0.0.1:${portOf(http)}`)
    const tls = new TlsServer(http, fingerprint)
    http.on('request', (request, response) => {
      tls.requests.push(`${request.method} ${request.url}`)
      answer(request, response)
    })
    return tls
  }

  /** Answers each request with LXD's envelope around `metadata`. */
  static answering(metadata: unknown, { date }: { date?: Date } = {}): Promise<TlsServer> {
    return TlsServer.listen((_request, response) => {
      if (date) response.setHeader('date', date.toUTCString())
      response.end(JSON.stringify({ type: 'sync', status_code: 200, metadata }))
    })
  }

  get url(): string {
    return `https://127.0.0.1:${portOf(this.http)}`
  }

  connection(changes: Partial<ClusterConnection> = {}): ClusterConnection {
    return {
      driver: 'lxd',
      endpoint: this.url,
      tlsFingerprint: this.fingerprint,
      credentials: client,
      settings: {},
      facts: null,
      ...changes,
    }
  }

  async close(): Promise<void> {
    this.http.closeAllConnections()
    await new Promise((resolve) => this.http.close(resolve))
  }
}

function portOf(http: https.Server): number {
  return (http.address() as AddressInfo).port
}
