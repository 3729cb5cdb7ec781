import http from 'node:http'
import https from 'node:https'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { DriverError } from '#drivers/errors'
import { ConnectTimeout, PinMismatch } from '#drivers/pinned_agent'

export class RequestTimeout extends Error {
  override name = 'RequestTimeout'
}

/** Why a connection failed, by the code Node gives. */
const TRANSPORT: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  EPROTO: 'what listens there does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what listens there does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what listens there does not speak TLS',
  HPE_INVALID_CONSTANT: 'what listens there does not speak HTTP',
}

/** A connection that failed, as a kind. `where` is host and port, never more of the address. */
export function fromTransport(error: unknown, where: string): DriverError {
  if (error instanceof DriverError) return error
  if (error instanceof PinMismatch) {
    return new DriverError('tls_mismatch', `${where}: ${error.message}`, { cause: error })
  }
  if (error instanceof RequestTimeout) {
    return new DriverError('timeout', `${where} did not answer in time`, { cause: error })
  }
  if (error instanceof ConnectTimeout) {
    return new DriverError('unreachable', `${where} does not answer`, { cause: error })
  }
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  const why = TRANSPORT[code] ?? (code || 'the connection failed')
  return new DriverError('unreachable', `${where} cannot be reached: ${why}`, { cause: error })
}

export type RawReply = {
  status: number
  statusMessage: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** One request, and its answer whole in memory. @throws what Node says, see `fromTransport`; RequestTimeout */
export function exchange(
  url: URL,
  {
    method,
    agent,
    headers,
    payload,
    timeoutMs,
    largestBytes,
  }: {
    method: string
    agent: http.Agent
    headers: OutgoingHttpHeaders
    payload?: Buffer
    /** From the first byte that is sent to the last that is read. */
    timeoutMs: number
    largestBytes: number
  }
): Promise<RawReply> {
  const { request: begin } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const request = begin(url, {
      method,
      agent,
      headers: {
        accept: 'application/json',
        ...(payload && { 'content-length': String(payload.length) }),
        ...headers,
      },
    })
    const timer = setTimeout(() => {
      request.destroy(new RequestTimeout(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', (error) => {
      reject(Object.assign(error, { reusedSocket: request.reusedSocket }))
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > largestBytes) request.destroy(new Error('the answer is too large'))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          statusMessage: response.statusMessage ?? '',
          headers: response.headers,
          body: Buffer.concat(chunks),
        })
      })
    })
    request.end(payload)
  })
}

/**
 * Asks, and once more when the server closed a kept connection just as we took it: only a read may be asked twice.
 * @throws DriverError
 */
export async function asking<Answer>(
  { isRead, where }: { isRead: boolean; where: string },
  ask: () => Promise<Answer>
): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!isRead || !isStaleConnection(error)) throw fromTransport(error, where)
  }
  return ask().catch((error) => {
    throw fromTransport(error, where)
  })
}

function isStaleConnection(error: unknown): boolean {
  const { code, reusedSocket } = error as { code?: string; reusedSocket?: boolean }
  return reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE')
}
