import { PassThrough } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { TooManyStreams } from '#exceptions/domain_error'
import { shuttingDown } from '#services/shutdown'

const PING_MS = 15_000
/** How soon a browser comes back that lost its stream. */
const RETRY_MS = 2_000
/** A reader that is so far behind is let go; it comes back and reads on from the last event it has. */
const MAX_UNREAD_BYTES = 256 * 1024
/** Of one person or visitor in one process: some twenty tabs. */
const MAX_PER_READER = 20

const openOf = new Map<number | string, number>()

/**
 * One answer in the form of text/event-stream: events as they come, a ping so that nothing between takes it for
 * dead, and an end when this process is told to end.
 */
export class EventStream {
  private readonly body = new PassThrough()
  private readonly ping: NodeJS.Timeout
  private readonly ended = new AbortController()

  /** Aborted when it is over, whoever ended it. */
  readonly signal = this.ended.signal

  /** @throws TooManyStreams */
  constructor(private readonly reader: number | string) {
    const open = openOf.get(reader) ?? 0
    if (open >= MAX_PER_READER) throw new TooManyStreams({ maximum: MAX_PER_READER })
    openOf.set(reader, open + 1)

    this.ping = setInterval(() => this.write(': ping\n\n'), PING_MS)
    this.body.on('close', () => this.forget())
    this.body.on('error', () => this.forget())
    shuttingDown.addEventListener('abort', this.end)
    this.write(`retry: ${RETRY_MS}\n\n`)
  }

  /** Hands the stream over as the answer to a request. */
  answer({ response }: HttpContext): void {
    response.header('content-type', 'text/event-stream; charset=utf-8')
    // no-transform: what compresses or buffers on the way would hold events back.
    response.header('cache-control', 'no-store, no-transform')
    response.header('x-accel-buffering', 'no')
    response.stream(this.body)
  }

  send(data: object, id?: string): void {
    const name = id ? `id: ${id}\n` : ''
    this.write(`${name}data: ${JSON.stringify(data)}\n\n`)
  }

  readonly end = (): void => {
    if (this.signal.aborted) return
    this.forget()
    this.body.end()
  }

  private write(text: string): void {
    if (this.signal.aborted) return
    this.body.write(text)
    if (this.body.writableLength > MAX_UNREAD_BYTES) this.body.destroy()
  }

  private forget(): void {
    if (this.signal.aborted) return
    clearInterval(this.ping)
    shuttingDown.removeEventListener('abort', this.end)
    const left = (openOf.get(this.reader) ?? 1) - 1
    if (left > 0) openOf.set(this.reader, left)
    else openOf.delete(this.reader)
    this.ended.abort()
  }
}
