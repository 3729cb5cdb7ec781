import { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { ConsoleApi, ConsoleKind, ConsoleStream, TerminalSize } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'

/** LXD gives up on a console whose streams are not connected within 5 s. */
const CONNECT_MS = 4_500

const QUIET_MS = 200

/** A sign-in shell in root's home: bash where the image has it. */
const SHELL = [
  'sh',
  '-c',
  'cd; if command -v bash >/dev/null 2>&1; then exec bash -l; fi; exec sh -l',
]

/** Both kinds are two websockets of an operation: one for the bytes, one to tell the size of the window. */
export class LxdConsole implements ConsoleApi {
  readonly kinds: readonly ConsoleKind[] = ['shell', 'serial']

  constructor(private readonly client: LxdClient) {}

  async open(ref: string, kind: ConsoleKind, size: TerminalSize): Promise<ConsoleStream> {
    const { metadata, operationId } =
      kind === 'shell' ? await this.execute(ref, size) : await this.attach(ref, size)
    if (operationId === null) throw new DriverError('task_failed', 'the console was not opened')
    const secrets = record(record(record(metadata).metadata).fds)
    const opening = ['0', 'control'].map((name) =>
      this.client.stream(operationId, text(secrets[name]) ?? '', CONNECT_MS)
    )
    try {
      const [bytes, control] = await Promise.all(opening)
      return {
        bytes: new ConsoleBytes(bytes, control, this.client.where),
        resize: ({ columns, rows }) => {
          const args = { width: String(columns), height: String(rows) }
          control.send(JSON.stringify({ command: 'window-resize', args }))
        },
      }
    } catch (error) {
      for (const socket of await Promise.allSettled(opening)) {
        if (socket.status === 'fulfilled') socket.value.terminate()
      }
      throw error
    }
  }

  private execute(ref: string, { columns, rows }: TerminalSize) {
    const json = {
      'command': SHELL,
      'environment': { TERM: 'xterm-256color' },
      'interactive': true,
      'wait-for-websocket': true,
      'width': columns,
      'height': rows,
    }
    return this.client.request('POST', at('instances', ref, 'exec'), { body: { json } })
  }

  private attach(ref: string, { columns, rows }: TerminalSize) {
    const json = { type: 'console', width: columns, height: rows }
    return this.client.request('POST', at('instances', ref, 'console'), { body: { json } })
  }
}

/** Binary frames are the terminal; a text frame tells that what ran there has ended. */
class ConsoleBytes extends Duplex {
  private hasEnded = false

  constructor(
    private readonly socket: WebSocket,
    private readonly control: WebSocket,
    private readonly where: string
  ) {
    super({ allowHalfOpen: false })
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (!isBinary) return this.finish()
      if (!this.push(data)) socket.pause()
    })
    // LXD closes the second one when it has ended the console in good order.
    control.on('close', () => this.finish())
    socket.on('close', () => {
      if (!this.hasEnded) this.destroy(lost(this.where))
    })
  }

  override _read(): void {
    this.socket.resume()
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.send(chunk, { binary: true }, (error) => done(error && lost(this.where, error)))
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // Without its streams LXD ends what runs there. It says good-bye on the first when it has lost the second, and
    // falls over (5.0.2) when somebody still writes there: the first has to be gone by then.
    this.socket.terminate()
    setTimeout(() => {
      this.control.terminate()
      done(error)
    }, QUIET_MS)
  }

  private finish(): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.push(null)
  }
}

function lost(where: string, cause?: Error): DriverError {
  return new DriverError('unreachable', `${where} has let the console go`, { cause })
}
