type Values = Record<string, unknown>

/** Different in every run or on every machine: only the kind of value is compared. */
const PASSING = new Set(
  (
    'cpu mem disk maxdisk uptime netin netout diskread diskwrite pid pstart starttime endtime snaptime ctime size ' +
    'used total avail free used_fraction time digest upid cert value ticket password CSRFPreventionToken port ' +
    'loadavg idle wait saved memtotal memused maxmem ip ssl_fingerprint description'
  ).split(' ')
)
/** What tells the members of a list apart. */
const NAMES = [
  'key',
  'volid',
  'upid',
  'id',
  'vmid',
  'iface',
  'template',
  'ugid',
  'tokenid',
  'storage',
  'name',
  'n',
]

/** Where one answer says something else than another; empty when they are alike. */
export function unlikeness(expected: unknown, actual: unknown, place = 'data'): string[] {
  if (Array.isArray(expected)) {
    return Array.isArray(actual) ? listUnlikeness(expected, actual, place) : [`${place}: no list`]
  }
  if (isValues(expected)) {
    return isValues(actual)
      ? valuesUnlikeness(expected, actual, place)
      : [`${place}: ${typeof actual}, not an object`]
  }
  const name = place.split('.').at(-1)!
  if (PASSING.has(name)) {
    return kindOf(expected) === kindOf(actual)
      ? []
      : [`${place}: ${kindOf(actual)}, not ${kindOf(expected)}`]
  }
  const words = (value: unknown) => String(value).split(',').sort().join()
  if (name === 'content' && words(expected) === words(actual)) return []
  const [wanted, shown] = [plain(expected), plain(actual)]
  return wanted === shown ? [] : [`${place}: ${shown}, not ${wanted}`]
}

/** Without what is made anew each time: names of tasks, addresses, keys, times. */
export function plain(value: unknown): string {
  return String(value)
    .replaceAll(/UPID:[^\s']+/g, 'UPID')
    .replaceAll(/bc:24:11(?::[0-9a-f]{2}){3}/gi, 'MAC')
    .replaceAll(/fe80::[0-9a-f:]+/g, 'LINK-LOCAL')
    .replaceAll(/SHA256:\S+/g, 'KEY')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/\d{4}[-_]\d\d[-_]\d\d[- _T]\d\d[:_]\d\d[:_]\d\d/g, 'DATE')
    .replaceAll(/\b\d+MiB(?:\/s)?|\(\d\d:\d\d:\d\d\)|127\.0\.0\.1:\d+/g, 'MEASURE')
    .replaceAll(/ssh_host_\w+_key/g, 'HOST-KEY')
    .replaceAll(/read: \d+/g, 'read: BYTES')
}

function valuesUnlikeness(expected: Values, actual: Values, place: string): string[] {
  const missing = Object.keys(expected).filter((key) => !(key in actual))
  const added = Object.keys(actual).filter((key) => !(key in expected))
  return [
    ...missing.map((key) => `${place}.${key}: missing`),
    ...added.map((key) => `${place}.${key}: too much`),
    ...Object.entries(expected).flatMap(([key, value]) =>
      key in actual ? unlikeness(value, actual[key], `${place}.${key}`) : []
    ),
  ]
}

function listUnlikeness(expected: unknown[], actual: unknown[], place: string): string[] {
  const name = NAMES.find((key) =>
    [...expected, ...actual].every((each) => isValues(each) && key in each)
  )
  if (!name || name === 'upid')
    return expected.flatMap((each, at) => unlikeness(each, actual[at], `${place}.${at}`))
  const nameOf = (each: unknown) => plain((each as Values)[name])
  const added = actual.filter((each) => !expected.some((other) => nameOf(other) === nameOf(each)))
  return [
    ...added.map((each) => `${place}.${nameOf(each)}: too much`),
    ...expected.flatMap((each) => {
      const twin = actual.find((other) => nameOf(other) === nameOf(each))
      return twin
        ? unlikeness(each, twin, `${place}.${nameOf(each)}`)
        : [`${place}.${nameOf(each)}: missing`]
    }),
  ]
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value
}
