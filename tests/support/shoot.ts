/* Behind bin/screenshots. */
import { parseArgs } from 'node:util'
import { takeScreenshots } from './screenshots.js'
import type { Look } from './looks.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean' },
    click: { type: 'string' },
    width: { type: 'string' },
    theme: { type: 'string' },
    language: { type: 'string' },
    folder: { type: 'string', default: 'tmp/screenshots' },
  },
})
const { width, theme, language } = values
const { PORTICO_URL, PORTICO_EMAIL, PORTICO_PASSWORD } = process.env

const complaints = await takeScreenshots({
  url: PORTICO_URL ?? 'http://127.0.0.1:3333',
  paths: positionals.length > 0 ? positionals : ['/design'],
  folder: values.folder,
  account:
    PORTICO_EMAIL && PORTICO_PASSWORD
      ? { email: PORTICO_EMAIL, password: PORTICO_PASSWORD }
      : undefined,
  only: Object.fromEntries(
    Object.entries({ width, theme, language }).filter(([, value]) => value)
  ) as Partial<Look>,
  check: values.check,
  click: values.click,
})
for (const complaint of complaints) console.error(complaint)
console.log(`${values.folder}: ${complaints.length} complaints`)
process.exitCode = complaints.length > 0 ? 1 : 0
