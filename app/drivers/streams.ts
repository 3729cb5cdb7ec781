import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { DriverError } from '#drivers/errors'

/**
 * So many bytes off the beginning of a stream that nobody reads yet; what follows stays in it.
 * @throws DriverError when it ends before
 */
export async function takeBytes(stream: Readable, length: number): Promise<Buffer> {
  for (;;) {
    const taken = stream.read(length) as Buffer | null
    if (taken?.length === length) return taken
    if (taken || stream.readableEnded || stream.destroyed) {
      throw new DriverError('unreachable', 'the other side ended before it said what it had to')
    }
    const heard = new AbortController()
    try {
      const { signal } = heard
      await Promise.race([
        once(stream, 'readable', { signal }),
        once(stream, 'end', { signal }),
        once(stream, 'close', { signal }),
      ])
    } finally {
      heard.abort()
    }
  }
}

/** What `speak` makes of a stream, which is let go when that fails or takes too long. */
export async function introduced<Said>(
  stream: Readable,
  timeoutMs: number,
  speak: () => Promise<Said>
): Promise<Said> {
  const ignore = () => {}
  const timer = setTimeout(() => {
    stream.destroy(new DriverError('timeout', `no greeting within ${timeoutMs} ms`))
  }, timeoutMs)
  stream.on('error', ignore)
  try {
    return await speak()
  } catch (error) {
    stream.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    stream.off('error', ignore)
  }
}
