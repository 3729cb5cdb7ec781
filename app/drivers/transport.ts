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
