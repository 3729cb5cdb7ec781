import type { EventsApi, InstanceListener } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'

/** A connection over which nothing comes back for so long is dead, whatever TCP believes. */
const PING_MS = 10_000

/** What LXD tells of instances that changes whether they run, or whether they are. */
const CHANGES =
  /^instance-(created|started|stopped|shutdown|restarted|paused|resumed|deleted|renamed|restored)$/

/** LXD tells of what happens while one listens, and of nothing before. */
export class LxdEvents implements EventsApi {
  constructor(private readonly client: LxdClient) {}

  async watch({ onReady, onChange }: InstanceListener, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const socket = await this.client.socket(at('events'), { type: 'lifecycle' })
    const ended = Promise.withResolvers<void>()
    let isAnswering = true
    const ping = setInterval(() => {
      if (!isAnswering) return socket.terminate()
      isAnswering = false
      socket.ping()
    }, PING_MS)
    const end = () => socket.terminate()
    signal.addEventListener('abort', end, { once: true })
    socket.on('pong', () => (isAnswering = true))
    socket.on('close', () => ended.resolve())
    socket.on('message', (data) => {
      isAnswering = true
      const ref = changedInstance(String(data))
      if (ref) onChange(ref)
    })
    if (signal.aborted) end()
    else onReady()
    await ended.promise
    clearInterval(ping)
    signal.removeEventListener('abort', end)
    if (!signal.aborted) {
      throw new DriverError('unreachable', `${this.client.where} tells of no events any more`)
    }
  }
}

/** Of `{ metadata: { action: 'instance-started', source: '/1.0/instances/web?project=x' } }` the name. */
export function changedInstance(message: string): string | null {
  let event: unknown
  try {
    event = JSON.parse(message)
  } catch {
    return null
  }
  const { action, source } = record(record(event).metadata)
  if (!CHANGES.test(text(action) ?? '')) return null
  const name = /^\/1\.0\/instances\/([^/?]+)/.exec(text(source) ?? '')?.[1]
  return name ? decodeURIComponent(name) : null
}
