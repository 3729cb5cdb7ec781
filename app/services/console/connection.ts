import type { RawData, WebSocket } from 'ws'
import { consoleLimits } from '#config/console'
import type { ConsoleStream, TerminalSize } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { ConsoleEnding, ConsoleView } from '#models/types'
import { TokenBucket } from '#services/console/token_bucket'
import { Valve } from '#services/console/valve'

/** Of the codes that applications may choose; the reason tells which ending it is. */
const CLOSE_CODE = 4000
/** A browser that does not answer a close is let go. */
const LINGER_MS = 2_000

/**
 * One browser at one console. Bytes go both ways as binary frames, no faster than the limits allow and than the
 * other side takes them; a text frame from the browser tells the size of its window.
 */
export class ConsoleConnection {
  /** Why it ended; from then on nothing is held any more. */
  readonly ended: Promise<ConsoleEnding>
  private readonly settle: (ending: ConsoleEnding) => void
  private readonly idle: NodeJS.Timeout
  private readonly ping: NodeJS.Timeout
  private readonly input = new TokenBucket(consoleLimits.inputPerSecond, consoleLimits.inputBurst)
  private readonly output: TokenBucket
  /** What the browser sends waits: until the console is open, for the limit, for the guest. */
  private readonly typing: Valve<'opening' | 'rate' | 'guest'>
  private stream: ConsoleStream | null = null
  private hasEnded = false
  private isAnswering = true

  constructor(
    private readonly socket: WebSocket,
    private size: TerminalSize,
    private readonly kind: ConsoleView
  ) {
    const { outputPerSecond, outputBurst } = { ...consoleLimits, ...consoleLimits.of[kind] }
    this.output = new TokenBucket(outputPerSecond, outputBurst)
    const { promise, resolve } = Promise.withResolvers<ConsoleEnding>()
    this.ended = promise
    this.settle = resolve
    this.typing = new Valve(
      () => socket.pause(),
      () => socket.resume()
    )
    this.idle = setTimeout(() => this.end('idle'), consoleLimits.idleMs)
    this.ping = setInterval(() => this.checkBrowser(), consoleLimits.pingMs)
    socket.on('message', (data: Buffer, isBinary) => this.hear(data, isBinary))
    socket.on('pong', () => (this.isAnswering = true))
    // Also a message that is too long: by then the browser has been told with a code of its own.
    socket.on('error', () => this.end('malformed'))
    socket.on('close', () => this.end('left'))
  }

  /** Opens the console and joins the two; what was typed meanwhile comes first. */
  async join(open: (size: TerminalSize) => Promise<ConsoleStream>): Promise<void> {
    this.typing.hold('opening')
    const asked = this.size
    const stream = await open(asked)
    if (this.hasEnded) return void stream.bytes.destroy()
    this.stream = stream
    if (this.size !== asked) stream.resize(this.size)
    this.show(stream)
    this.typing.release('opening')
  }

  end(ending: ConsoleEnding): void {
    if (this.hasEnded) return
    this.hasEnded = true
    clearTimeout(this.idle)
    clearInterval(this.ping)
    this.stream?.bytes.destroy()
    // Paused, it would not read the browser's answer to the close.
    this.socket.resume()
    this.socket.close(CLOSE_CODE, ending)
    setTimeout(() => this.socket.terminate(), LINGER_MS).unref()
    this.settle(ending)
  }

  private show({ bytes }: ConsoleStream): void {
    const { socket } = this
    const showing = new Valve<'rate' | 'browser'>(
      () => bytes.pause(),
      () => bytes.resume()
    )
    bytes.on('data', (chunk: Buffer) => {
      socket.send(chunk, { binary: true }, () => {
        if (socket.bufferedAmount < consoleLimits.unreadBytes / 2) showing.release('browser')
      })
      if (socket.bufferedAmount > consoleLimits.unreadBytes) showing.hold('browser')
      const waitMs = this.output.take(chunk.length)
      if (waitMs > 0) showing.holdFor('rate', waitMs)
    })
    bytes.on('drain', () => this.typing.release('guest'))
    bytes.on('end', () => this.end('exited'))
    bytes.on('error', () => this.end('cluster'))
  }

  private hear(data: Buffer, isBinary: boolean): void {
    if (this.hasEnded) return
    const waitMs = this.input.take(Math.max(data.length, consoleLimits.leastMessage))
    if (waitMs > 0) this.typing.holdFor('rate', waitMs)
    if (!isBinary) return this.resize(data)
    if (this.kind !== 'screen' || isDeed(data)) this.idle.refresh()
    if (this.stream?.bytes.write(data) === false) this.typing.hold('guest')
  }

  private resize(message: RawData): void {
    const size = sizeIn(message.toString())
    if (!size) return this.end('malformed')
    this.size = size
    this.stream?.resize(size)
  }

  private checkBrowser(): void {
    if (!this.isAnswering) return this.socket.terminate()
    this.isAnswering = false
    this.socket.ping()
  }
}

/** How a console that could not be opened ends. */
export function endingOf(error: unknown): ConsoleEnding {
  return error instanceof DriverError && error.kind === 'invalid' ? 'not_running' : 'cluster'
}

/** KeyEvent, PointerEvent and ClientCutText of RFB: what else a viewer says, it says without anybody at the keys. */
const DEEDS = [4, 5, 6]

function isDeed([kind]: Buffer): boolean {
  return DEEDS.includes(kind ?? 0)
}

const LARGEST_SIDE = 1_000

function sizeIn(message: string): TerminalSize | null {
  try {
    const { columns, rows } = JSON.parse(message) as Record<string, unknown>
    return isSide(columns) && isSide(rows) ? { columns, rows } : null
  } catch {
    return null
  }
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= LARGEST_SIDE
}
