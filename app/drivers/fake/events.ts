import { setTimeout as sleep } from 'node:timers/promises'
import type { EventsApi, InstanceListener } from '#drivers/contract'
import type { FakeAnswers } from '#drivers/fake/answers'

/** A file tells nobody of its changes: whoever watches looks again, and compares. */
export class FakeEvents implements EventsApi {
  constructor(private readonly answers: FakeAnswers) {}

  async watch({ onReady, onChange }: InstanceListener, signal: AbortSignal): Promise<void> {
    let known = await this.look()
    let version = this.version
    onReady()
    while (!signal.aborted) {
      await sleep(this.answers.options.eventMs, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      // Also lets happen what has come due, and throws while the cluster is offline.
      const found = await this.answers.give('watch', null, () => this.version)
      if (found === version) continue
      const seen = await this.look()
      for (const ref of differing(known, seen)) onChange(ref)
      known = seen
      version = found
    }
  }

  private look(): Promise<Map<string, string>> {
    return this.answers.give('watch', null, ({ file }) => {
      const rows = file.all<{ ref: string; state: string }>(
        "SELECT ref, made || ' ' || power || ' ' || coalesce(started_at, '') AS state FROM instances"
      )
      return new Map(rows.map(({ ref, state }) => [ref, state]))
    })
  }

  /** Another one after each write, ours and that of other processes. */
  private get version(): string {
    const { file } = this.answers
    const { data_version: others } = file.get<{ data_version: number }>('PRAGMA data_version')!
    const { own } = file.get<{ own: number }>('SELECT total_changes() AS own')!
    return `${others} ${own}`
  }
}

function* differing(before: Map<string, string>, after: Map<string, string>): Generator<string> {
  for (const [ref, state] of after) if (before.get(ref) !== state) yield ref
  for (const ref of before.keys()) if (!after.has(ref)) yield ref
}
