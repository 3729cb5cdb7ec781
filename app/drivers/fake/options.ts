import type { FakeFile } from '#drivers/fake/file'

/** How a fake cluster behaves. From the cluster's settings; what its file says goes before them. */
export const FAKE_OPTIONS = {
  createMs: 400,
  powerMs: 200,
  resizeMs: 50,
  destroyMs: 100,
  snapshotMs: 50,
  packMs: 100,
  moveMs: 200,
  /** How long a guest that ignores a stop is waited for. */
  stopMs: 30_000,
  /** After its start, until its addresses are seen. */
  bootMs: 0,
  /** Added to every call. */
  callMs: 0,
  /** How busy guests are, in percent of the usual; 0: they use nothing by themselves. */
  load: 100,
  /** How soon an event is told. */
  eventMs: 100,
  /** How long an ended task is known. */
  keepTasksMs: 300_000,
  /** 1: guests no longer get there. */
  gatewayLost: 0,
  namesLost: 0,
  outsideLost: 0,
  /** 1: the interfaces of its networks are down. */
  networksDown: 0,
  /** How many warnings it has for whoever asks. */
  warnings: 0,
  /** 1: no call is answered. */
  offline: 0,
}
export type FakeOptions = typeof FAKE_OPTIONS

export function readOptions(file: FakeFile, settings: Record<string, unknown>): FakeOptions {
  const rows = file.all<{ name: string; value: string }>('SELECT name, value FROM options')
  const inFile = Object.fromEntries(rows.map(({ name, value }) => [name, value]))
  const options = { ...FAKE_OPTIONS }
  for (const name of Object.keys(options) as (keyof FakeOptions)[]) {
    const value = Number(inFile[name] ?? settings[name] ?? options[name])
    if (Number.isFinite(value)) options[name] = value
  }
  return options
}

export function writeOptions(file: FakeFile, options: Partial<FakeOptions>): void {
  for (const [name, value] of Object.entries(options)) {
    file.run('INSERT OR REPLACE INTO options (name, value) VALUES (?, ?)', name, String(value))
  }
}
