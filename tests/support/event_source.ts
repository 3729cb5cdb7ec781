import { setTimeout as sleep } from 'node:timers/promises'
import { appUrl } from '#config/app'

export type Heard = { id: string | null; data: Record<string, unknown> }

/** Reads text/event-stream as a browser does, over a real connection. */
export class TestEventSource {
  readonly events: Heard[] = []
  pings = 0
  isOver = false
  private readonly hangUp = new AbortController()

  private constructor(readonly response: Response) {
    void this.read()
  }

  static async open(
    path: string,
    { cookie, lastEventId, web = appUrl }: { cookie: string; lastEventId?: string; web?: string }
  ): Promise<TestEventSource> {
    const hangUp = new AbortController()
    const response = await fetch(`${web}${path}`, {
      headers: {
        accept: 'text/event-stream',
        cookie,
        ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
      },
      redirect: 'manual',
      signal: hangUp.signal,
    })
    const source = new TestEventSource(response)
    source.hangUp.signal.addEventListener('abort', () => hangUp.abort())
    return source
  }

  get status(): number {
    return this.response.status
  }

  get ids(): string[] {
    return this.events.flatMap(({ id }) => id ?? [])
  }

  /** Waits until something that was heard is so. @throws Error with all that was heard */
  async hears(wanted: (data: Heard['data']) => boolean, withinMs = 5_000): Promise<Heard> {
    for (const until = Date.now() + withinMs; Date.now() < until; await sleep(10)) {
      const heard = this.events.find(({ data }) => wanted(data))
      if (heard) return heard
    }
    throw new Error(`it was never heard, but:\n${JSON.stringify(this.events, null, 1)}`)
  }

  /** How long it took until the other side ended it. */
  async ends(withinMs: number): Promise<number> {
    const from = Date.now()
    while (!this.isOver && Date.now() - from < withinMs) await sleep(10)
    if (!this.isOver) throw new Error(`it did not end within ${withinMs} ms`)
    return Date.now() - from
  }

  close(): void {
    this.hangUp.abort()
  }

  private async read(): Promise<void> {
    let text = ''
    try {
      const decoder = new TextDecoder()
      for await (const chunk of this.response.body ?? []) {
        text += decoder.decode(chunk, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop()!
        for (const block of blocks) this.take(block)
      }
    } catch {
      // Hung up, by us or by them.
    }
    this.isOver = true
  }

  private take(block: string): void {
    const lines = block.split('\n')
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null
    if (lines.some((line) => line.startsWith(': ping'))) this.pings += 1
    const data = field('data')
    if (data) this.events.push({ id: field('id'), data: JSON.parse(data) })
  }
}
