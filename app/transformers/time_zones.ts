import { DateTime } from 'luxon'

export type TimeZoneChoice = { value: string; label: string }

/** All zones, by their present distance from UTC; `current` also when it goes by an older name. */
export function timeZoneChoices(locale: string, current: string): TimeZoneChoice[] {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), current])
  return [...zones]
    .map((zone) => ({ zone, offset: DateTime.now().setZone(zone).offset }))
    .toSorted((a, b) => a.offset - b.offset || a.zone.localeCompare(b.zone, locale))
    .map(({ zone, offset }) => ({ value: zone, label: `${offsetText(offset)} ${zone}` }))
}

function offsetText(minutes: number): string {
  const sign = minutes < 0 ? '−' : '+'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${sign}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}
