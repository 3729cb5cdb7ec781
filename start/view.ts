/*
|--------------------------------------------------------------------------
| What templates may call
|--------------------------------------------------------------------------
|
| Plain functions without queries. `t` comes from @adonisjs/i18n and speaks the request's language.
| In Edge these are called on the template's state, hence `this`.
|
*/
import app from '@adonisjs/core/services/app'
import edge from 'edge.js'
import type { HttpContext } from '@adonisjs/core/http'
import type { DateTime } from 'luxon'
import { DEFAULT_LOCALE, DEFAULT_TIME_ZONE, LOCALES } from '#config/i18n'
import { attributes, exactly } from '#start/view/attributes'
import { door } from '#start/view/doors'
import { fieldState } from '#start/view/fields'
import { asDate, formatsFor, type Formats } from '#start/view/formats'
import { iconsIn } from '#start/view/icons'
import { loadShell } from '#start/view/load_shell'
import { pick } from '#start/view/pick'
import { rememberTemplates } from '#start/view/remember_templates'
import { themeOf } from '#start/view/preferences'

type State = {
  request?: HttpContext['request']
  i18n?: { locale: string }
  flashMessages?: Parameters<typeof fieldState>[0]
  /** Set by what renders for somebody else than the one who asks, e.g. mails. */
  timeZone?: string
}
type Moment = string | Date | DateTime | null | undefined

edge.global('icon', iconsIn(new URL('resources/icons/', app.appRoot)))
edge.global('door', door)
edge.global('pick', pick)
edge.global('attributes', attributes)
edge.global('exactly', exactly)
edge.global('locales', LOCALES)

edge.global('currentTheme', function (this: State) {
  return themeOf(this.request)
})
edge.global('currentLocale', function (this: State) {
  return this.i18n?.locale ?? DEFAULT_LOCALE
})
edge.global('currentPath', function (this: State) {
  return this.request?.url(true) ?? '/'
})
/** The ways to a list as a file: the same address, with its search, below `exports` of the same home. */
edge.global('exportLinks', function (this: State, list: string, narrowed?: Record<string, string>) {
  const home = /^\/(?:admin|o\/[^/]+)/.exec(this.request?.url() ?? '')?.[0] ?? ''
  if (!home) return []
  const { after, before, size, ...search } = this.request?.qs() ?? {}
  return ['csv', 'xlsx'].map((format) => ({
    format,
    href: `${home}/exports/${list}?${new URLSearchParams({ ...search, ...narrowed, format })}`,
  }))
})
edge.global('fieldState', function (this: State, name: string, form?: string) {
  return fieldState(this.flashMessages, name, form)
})
edge.global('loadShell', function (this: State) {
  return loadShell(this.request?.ctx)
})

/** `{{ format.bytes(n) }}` would lose the reader; `{{ formatBytes(n) }}` is called on the state and keeps it. */
const formats = {
  formatNumber: (f: Formats, value: number) => f.number(value),
  formatPercent: (f: Formats, share: number) => f.percent(share),
  formatBytes: (f: Formats, value: number) => f.bytes(value),
  formatMib: (f: Formats, value: number) => f.mib(value),
  formatGib: (f: Formats, value: number) => f.gib(value),
  formatDate: (f: Formats, moment: Moment) => f.date(moment),
  formatDateTime: (f: Formats, moment: Moment) => f.dateTime(moment),
  formatDateTimeSeconds: (f: Formats, moment: Moment) => f.dateTimeSeconds(moment),
  formatClock: (f: Formats, moment: Moment) => f.clock(moment),
  formatRelative: (f: Formats, moment: Moment) => f.relative(moment),
  formatDuration: (f: Formats, milliseconds: number) => f.duration(milliseconds),
  isoTime: (_: Formats, moment: Moment) => (moment ? asDate(moment).toISOString() : ''),
  readerZone: (f: Formats) => f.zone,
}
for (const [name, write] of Object.entries(formats)) {
  edge.global(name, function (this: State, value: never) {
    return write(formatsOf(this), value)
  })
}

function formatsOf({ request, i18n, timeZone }: State): Formats {
  const zone = timeZone ?? request?.ctx?.auth?.use('web').user?.timeZone ?? DEFAULT_TIME_ZONE
  return formatsFor(i18n?.locale ?? DEFAULT_LOCALE, zone)
}

if (app.inProduction) rememberTemplates(edge)
