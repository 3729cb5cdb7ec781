type Known = {
  call: RegExp
  /** Only in this place of the record. */
  at?: number
  why: string
}

/** Where the simulator does not answer as it was recorded, and why. */
export const KNOWN: readonly Known[] = [
  { call: /\/move_volume$/, why: 'disks do not move between storages' },
  {
    call: /\/(?:pools|cluster\/ha)(?:\/|\?|$)/,
    why: 'pools and high availability are not simulated',
  },
  { call: /\/status\/current$/, at: 166, why: 'pools and high availability are not simulated' },
  {
    call: /\/status\/current$/,
    at: 295,
    why: 'the record does not tell how long was waited for the stop',
  },
  { call: /^log of vzclone/, why: 'what rsync counted is left out' },
  {
    call: /^log of resize/,
    why: 'the recorded file system could not grow inside of its test machine',
  },
  { call: /^log of vzstart .*:90110:/, why: 'the lock of a template is not told of' },
  { call: /vncproxy(?::|%3A)/, why: 'a console that nobody visited in time is not replayed' },
  {
    call: /^GET \/cluster\/resources/,
    why: 'the recorded answer was ten seconds old, as it may be',
  },
  { call: /\/rrddata\?timeframe=hour/, why: 'the recorded machine was measured at other times' },
  { call: /^GET \/nodes$/, why: 'a node is known from the first moment' },
  {
    call: /^GET \/(?:nodes\/pve1|cluster)\/tasks(?:\?|$)/,
    why: 'earlier tasks of the recorded machine',
  },
  { call: /\/aplinfo$/, why: 'the list of templates is a short one' },
  { call: /^GET \/nodes\/pve1\/status$/, why: 'of the machine only what matters' },
]

const CONFIG = '/nodes/pve1/lxc/90111/config'

/** Changes that were made then, but not written down: by the place in the record before which they were made. */
export const UNRECORDED: Readonly<
  Record<number, { path: string; values: Record<string, string | number> }>
> = {
  218: { path: CONFIG, values: { cores: 1, description: 'json böd = ü & 中文' } },
  219: { path: CONFIG, values: { description: 'a b c' } },
}
