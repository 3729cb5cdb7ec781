import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { DriverError } from '#drivers/errors'

/** The bytes of one websocket, each side no faster than the other takes them. */
export class SocketBytes extends Duplex {
  /** How what is written travels; left out: as it is. */
  frame: (chunk: Buffer) => Buffer = (chunk) => chunk

  constructor(
    private readonly socket: WebSocket,
    private readonly where: string
  ) {
    super({ allowHalfOpen: false })
    socket.on('message', (data: Buffer) => {
      if (!this.push(data)) socket.pause()
    })
    // The proxy just hangs up when the console ends: only an error of the connection is a loss.
    socket.on('close', () => this.push(null))
    socket.on('error', (error) => this.destroy(this.lost(error)))
  }

  override _read(): void {
    this.socket.resume()
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.send(this.frame(chunk), { binary: true }, (error) =>
      done(error && this.lost(error))
    )
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.terminate()
    done(error)
  }

  private lost(cause: Error): DriverError {
    return new DriverError('unreachable', `${this.where} has let the console go`, { cause })
  }
}
