import type { DateTime } from 'luxon'

type Moment = string | Date | DateTime | null | undefined
/** Between thousands, and between number and unit; neither breaks the line. */
const THIN = '\u202f'
const GAP = '\u00a0'

/** Numbers and times remembered for each language and zone. */
const KEPT = 1_000

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/**
 * Numbers and times as one reader wants them: their language, their zone.
 */
export class Formats {
  readonly #number: Intl.NumberFormat
  readonly #numbers = new Map<number, string>()
  /** By minutes since 1970: a list is asked for again and again, and shows the same ones. */
  readonly #dateTimes = new Map<number, string>()
  readonly #group: string
  readonly #dateTime: Intl.DateTimeFormat
  readonly #seconds: Intl.DateTimeFormat
  readonly #clock: Intl.DateTimeFormat
  readonly #date: Intl.DateTimeFormat
  readonly #relative: Intl.RelativeTimeFormat
  readonly #duration: Intl.DurationFormat

  constructor(
    readonly locale: string,
    readonly zone: string
  ) {
    /** ISO order (2026-03-12 16:21) is what both languages' operators write; sv-SE is its Intl name. */
    const iso = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    this.#number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
    this.#group = this.#number.formatToParts(1e6).find(({ type }) => type === 'group')!.value
    this.#date = new Intl.DateTimeFormat('sv-SE', iso)
    this.#dateTime = new Intl.DateTimeFormat('sv-SE', { ...iso, ...clock })
    this.#seconds = new Intl.DateTimeFormat('sv-SE', { ...iso, ...clock, second: '2-digit' })
    this.#clock = new Intl.DateTimeFormat('sv-SE', {
      ...clock,
      timeZone: zone,
      second: '2-digit',
      fractionalSecondDigits: 3,
    })
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
    this.#duration = new Intl.DurationFormat(locale, { style: 'short' })
  }

  number(value: number): string {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    const text = this.#number.format(value).replaceAll(this.#group, THIN)
    // A list writes the same few sizes over and over.
    if (this.#numbers.size < KEPT) this.#numbers.set(value, text)
    return text
  }

  /** `share` of 1: 0.42 is 42 %. */
  percent(share: number): string {
    return `${this.number(Math.round(share * 100))}${GAP}%`
  }

  bytes(value: number): string {
    const power =
      value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(value) / Math.log(1024)))
    return `${this.number(value / 1024 ** power)}${GAP}${UNITS[power]}`
  }

  mib(value: number): string {
    return this.bytes(value * 1024 ** 2)
  }

  gib(value: number): string {
    return this.bytes(value * 1024 ** 3)
  }

  date(moment: Moment): string {
    return written(moment, (date) => this.#date.format(date))
  }

  dateTime(moment: Moment): string {
    return written(moment, (date) => {
      const minute = Math.floor(date.getTime() / 60_000)
      const known = this.#dateTimes.get(minute)
      if (known !== undefined) return known
      const text = this.#dateTime.format(date)
      if (this.#dateTimes.size >= KEPT) this.#dateTimes.clear()
      this.#dateTimes.set(minute, text)
      return text
    })
  }

  dateTimeSeconds(moment: Moment): string {
    return written(moment, (date) => this.#seconds.format(date))
  }

  /** The time of day to the millisecond, for logs. */
  clock(moment: Moment): string {
    return written(moment, (date) => this.#clock.format(date).replace(',', '.'))
  }

  relative(moment: Moment, now = Date.now()): string {
    return written(moment, (date) => {
      const seconds = Math.round((date.getTime() - now) / 1000)
      const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
      return this.#relative.format(Math.trunc(seconds / size), unit)
    })
  }

  /** Two units at most: 2 h 14 min, 18 s; under ten seconds with one decimal. */
  duration(milliseconds: number): string {
    const seconds = milliseconds / 1000
    if (seconds < 10) {
      return new Intl.NumberFormat(this.locale, {
        style: 'unit',
        unit: 'second',
        unitDisplay: 'short',
        maximumFractionDigits: 1,
      }).format(seconds)
    }
    const whole = Math.round(seconds)
    const parts = {
      days: Math.floor(whole / 86_400),
      hours: Math.floor((whole % 86_400) / 3600),
      minutes: Math.floor((whole % 3600) / 60),
      seconds: whole % 60,
    }
    const first = Object.values(parts).findIndex((amount) => amount > 0)
    const kept = Object.entries(parts).filter(([, amount], i) => i - first < 2 && amount > 0)
    return this.#duration.format(Object.fromEntries(kept))
  }
}

const cache = new Map<string, Formats>()

export function formatsFor(locale: string, zone: string): Formats {
  const key = `${locale} ${zone}`
  const known = cache.get(key) ?? new Formats(locale, zone)
  cache.set(key, known)
  return known
}

export function asDate(moment: Exclude<Moment, null | undefined>): Date {
  if (moment instanceof Date) return moment
  return typeof moment === 'string' ? new Date(moment) : moment.toJSDate()
}

function written(moment: Moment, write: (date: Date) => string): string {
  return moment ? write(asDate(moment)) : '—'
}
