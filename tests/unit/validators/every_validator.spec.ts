import { readdirSync } from 'node:fs'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import i18nManager from '@adonisjs/i18n/services/main'
import { errors, VineValidator } from '@vinejs/vine'
import fc from 'fast-check'
import { formatAddress } from '#addressing/address'
import type { AddressRange } from '#addressing/cidr'
import { formatPorts, formatRange, type PortRange } from '#addressing/ports'
import { LOCALES, type Locale } from '#config/i18n'
import { messagesIn } from '#start/validator'
import { HOSTILE_TEXTS, hostileInput, ODD_NUMBERS, OTHER_KINDS } from '#tests/support/hostile_input'
import { textsOf } from '#tests/support/texts'
import { NAMED, VALIDATOR_SAMPLES } from '#tests/support/validator_samples'
import type { DateTime } from 'luxon'

/*
| Every validator that there is, with its good answer from the table of samples, in which one field after the other is
| given whatever a person or a program might send.
*/
const RUNS = 25
/** The same ones every time; another seed finds others: FUZZ_SEED=7 node ace test … */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121)

/** Fields that are judged with another one, and are named when that one is wrong. */
const JUDGED_WITH: Record<string, string[]> = {
  address: ['listen_address'],
  by: ['token_id', 'token_secret', 'username', 'password'],
  certificate: ['private_key'],
  cidr: ['gateway', 'addresses', 'exclusions'],
  deed: ['reason'],
  dport: ['dport_end'],
  driver: ['endpoint'],
  email: ['password'],
  first_vmid: ['last_vmid'],
  full_name: ['password'],
  kind: ['place', 'router_endpoint'],
  organization: ['password'],
  password: ['password_confirmation'],
  password_confirmation: ['password'],
  place: ['ssh_host'],
  sport: ['sport_end', 'dport_end'],
  sport_end: ['dport_end'],
  username: ['password'],
}

/** Secrets, and texts that are read further on: neither a name nor shown as one. */
const OPAQUE = new Set([
  'addresses_file',
  'certificate',
  'credential',
  'entitlements',
  'host_info',
  'numbers_file',
  'passphrase',
  'password',
  'ports_file',
  'private_key',
  'public_key',
  'rows',
  'secret',
])
/** Compared with what there is, as it stands, and then forgotten. */
const ONLY_COMPARED = new Set(['code', 'recovery_code', 'return_to', 'time_zone'])
const SIGN_IN = /^(?:account\.signIn|api_auth\.login)Validator$/
/** Not judged by its length here: too long a one is refused with its reason, and kept with the licence. */
const UNBOUNDED = new Set(['host_info'])

/** What a field became, as one would have typed it. */
const AS_TYPED: Record<string, (value: never) => unknown> = {
  addresses: (ranges: AddressRange[]) => lines(ranges.map(addresses)),
  allowed_addresses: lines,
  credential: (answer: object | null) => JSON.stringify(answer ?? {}),
  exclusions: (ranges: AddressRange[]) => lines(ranges.map(addresses)),
  expired_time: (at: DateTime) => at.toFormat('yyyy-MM-dd HH:mm:ss'),
  expires: (at: Date) => at.toISOString().slice(0, 10),
  file: lines,
  ports: (ranges: PortRange[]) => formatPorts(ranges),
  reserved: (ranges: PortRange[]) => formatPorts(ranges),
  ssh_keys: lines,
  target_port: (range: PortRange) => formatRange(range),
  vlans: (numbers: number[]) => numbers.join(', '),
}

/** Each of them once, whatever the dice say. */
const KNOWN = [...HOSTILE_TEXTS, ...ODD_NUMBERS, ...OTHER_KINDS]

type Answer = Record<string, unknown>
type Validator = VineValidator<never, Record<string, unknown> | undefined>
type Message = { field: string; rule: string; message: string }
type Schema = {
  type?: string | string[]
  enum?: unknown[]
  minimum?: number
  maximum?: number
  maxLength?: number
  pattern?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

function lines(texts: string[]): string {
  return texts.join('\n')
}

function addresses({ firstKey, lastKey }: AddressRange): string {
  return `${formatAddress(firstKey, 4)}-${formatAddress(lastKey, 4)}`
}

/** By file and name, those that are made for one thing made for `NAMED`. */
async function everyValidator(): Promise<Record<string, Validator>> {
  const found: Record<string, Validator> = {}
  for (const file of readdirSync(app.makePath('app/validators'))) {
    if (!file.endsWith('.ts')) continue
    const noun = file.replace('.ts', '')
    const exported = (await import(`#validators/${noun}`)) as Record<string, unknown>
    for (const [name, value] of Object.entries(exported)) {
      if (value instanceof VineValidator) found[`${noun}.${name}`] = value as Validator
      else if (typeof value === 'function' && name.endsWith('Validator')) {
        found[`${noun}.${name}`] = (value as (name: string) => Validator)(NAMED)
      }
    }
  }
  return found
}

const validators = await everyValidator()

/** What became of it, or why it was refused; whatever else is thrown is a defect. */
async function judge(name: string, data: unknown, locale: Locale = 'en') {
  const validator = validators[name]!
  const { meta } = VALIDATOR_SAMPLES[name]!
  const messagesProvider = messagesIn(i18nManager.locale(locale))
  try {
    const value = await validator.validate(data, { meta: meta ?? {}, messagesProvider } as never)
    return { value: value as Answer, refusals: [] as Message[] }
  } catch (error) {
    if (!(error instanceof errors.E_VALIDATION_ERROR)) throw error
    return { value: null, refusals: error.messages as Message[] }
  }
}

/** As a path names it: `scopes.0` is the list, `params.reason` what is asked for. */
const asked = (path: string) =>
  path
    .replaceAll(/\.\d+$/g, '')
    .split('.')
    .at(-1)!
const top = (path: string) => path.split('.')[0]!
const isFile = (name: string) => name.startsWith('old_proxmox_files.')
const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** An answer that was accepted, as it would be typed once more. */
function retyped(typed: Answer, value: Answer): Answer {
  const again = Object.entries(value).map(([key, part]) => {
    const field = Object.hasOwn(typed, key) ? key : snake(key)
    const write = AS_TYPED[field] as ((value: unknown) => unknown) | undefined
    // Counted, it is a number: the quota of addresses is no list of them.
    const isMade = typeof part === 'object' && (part !== null || field === 'credential')
    return [field, write && isMade ? write(part) : part]
  })
  return { ...typed, ...Object.fromEntries(again) }
}

/** Texts and numbers in it, wherever they stand. */
function leaves(value: unknown, at: string): { at: string; leaf: string | number }[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ at, leaf: value }]
  if (typeof value !== 'object' || value === null || value instanceof Date) return []
  if ('toISO' in value) return []
  return Object.values(value).flatMap((part) => leaves(part, at))
}

function isVisible(text: string): boolean {
  return !/[\p{Zl}\p{Zp}]|(?![\u200c\u200d\ufe0e\ufe0f])[\p{C}\p{Bidi_Control}]/u.test(text)
}

test.group('Every validator', () => {
  test('has its sample, and no sample stands for one that is gone', ({ assert }) => {
    assert.sameMembers(Object.keys(VALIDATOR_SAMPLES), Object.keys(validators))
  })

  test('asks for nothing that its sample does not answer', ({ assert }) => {
    for (const [name, validator] of Object.entries(validators)) {
      const { properties = {} } = validator.toJSONSchema() as Schema
      assert.includeMembers(
        [...Object.keys(VALIDATOR_SAMPLES[name]!.typed), 'phone', 'organization', 'os_auth_url'],
        Object.keys(properties),
        name
      )
    }
  })

  test('has a limit for every number and every text', ({ assert }) => {
    const unlimited: string[] = []
    const visit = (schema: Schema, at: string) => {
      const types = [schema.type ?? []].flat()
      const isNumber = types.includes('number') || types.includes('integer')
      const isBounded = schema.minimum !== undefined && schema.maximum !== undefined
      if (isNumber && !schema.enum && !isBounded) unlimited.push(at)
      const isText =
        types.includes('string') && !schema.enum && !UNBOUNDED.has(at.split('.').at(-1)!)
      // An expression that ends in a repetition without a limit limits nothing.
      const isShort = schema.maxLength !== undefined || /[^*+]\$$/.test(schema.pattern ?? '')
      if (isText && !isShort) unlimited.push(at)
      for (const [key, part] of Object.entries(schema.properties ?? {})) visit(part, `${at}.${key}`)
      if (schema.items) visit(schema.items, `${at}.items`)
    }
    for (const [name, validator] of Object.entries(validators)) {
      visit(validator.toJSONSchema() as Schema, name)
    }
    assert.deepEqual(unlimited, [])
  })

  test('has a name for every field, in every language', ({ assert }) => {
    const unnamed = new Set<string>()
    for (const [name, { typed }] of Object.entries(VALIDATOR_SAMPLES)) {
      // Files, keyed by what they list, are named by the command that reads them.
      if (isFile(name)) continue
      for (const field of Object.keys(typed)) {
        for (const locale of LOCALES) {
          if (!textsOf(locale)[`validator.shared.fields.${field}`])
            unnamed.add(`${locale} ${field}`)
        }
      }
    }
    assert.deepEqual([...unnamed], [])
  })

  test('takes what is no form at all for what it is', async ({ assert }) => {
    const shapes = [undefined, null, 0, 'x', true, [], [[]], [{}], new Date(0), Number.NaN]
    for (const name of Object.keys(validators)) {
      for (const shape of shapes) {
        const { value } = await judge(name, shape)
        if (value) assert.isObject(value, name)
      }
    }
  })

  for (const [name, { typed }] of Object.entries(VALIDATOR_SAMPLES)) {
    test(`${name} takes its sample, and of each field what is right or names it`, async ({
      assert,
    }) => {
      const sample = await judge(name, typed)
      assert.deepEqual(sample.refusals, [])
      for (const field of Object.keys(typed)) {
        const property = fc.asyncProperty(
          hostileInput(typed[field]),
          fc.constantFrom(...LOCALES),
          async (odd, locale) => {
            const sent = { ...typed, [field]: odd }
            const { value, refusals } = await judge(name, sent, locale)
            if (!value) tellsWhy(name, field, locale, refusals)
            else if (!isFile(name)) await isClean(name, sent, value)
          }
        )
        const examples = KNOWN.map((odd, index) => [odd, LOCALES[index % LOCALES.length]!] as const)
        const numRuns = examples.length + RUNS
        await fc.assert(property, { numRuns, seed: SEED, examples: examples as never })
      }
    }).timeout(60_000)
  }

  function tellsWhy(name: string, field: string, locale: Locale, refusals: Message[]) {
    const texts = textsOf(locale)
    if (refusals.length === 0) throw new Error('refused without a reason')
    for (const { field: at, rule, message } of refusals) {
      if (isFile(name) && at.startsWith(field)) continue
      const named = top(at)
      if (named !== field && !JUDGED_WITH[field]?.includes(named)) {
        throw new Error(`${named} is named for ${field}`)
      }
      const text = texts[`validator.shared.messages.${rule}`]
      if (!text) throw new Error(`${locale} has no text for ${rule}`)
      const label = texts[`validator.shared.fields.${asked(at)}`]!
      if (text.includes('{field}') && !message.includes(label)) {
        throw new Error(`“${message}” does not say ${label}`)
      }
      if (locale === 'zh-CN' && !/\p{Script=Han}/u.test(message)) throw new Error(message)
    }
  }

  async function isClean(name: string, sent: Answer, value: Answer) {
    for (const [key, part] of Object.entries(value)) {
      const field = snake(key)
      for (const { leaf } of leaves(part, field)) {
        if (typeof leaf === 'number') {
          const isExact = Number.isSafeInteger(leaf) || field === 'memory_overcommit'
          if (!isExact || leaf < 0 || Object.is(leaf, -0))
            throw new Error(`${field} became ${leaf}`)
        } else if (
          !OPAQUE.has(field) &&
          !ONLY_COMPARED.has(field) &&
          !SIGN_IN.test(name) &&
          !isVisible(leaf)
        ) {
          throw new Error(`${field} became ${JSON.stringify(leaf)}`)
        }
      }
    }
    const again = await judge(name, retyped(sent, value))
    if (JSON.stringify(again.value) !== JSON.stringify(value)) {
      throw new Error(
        `not stable: ${JSON.stringify(value)}, then ${JSON.stringify(again.value ?? again.refusals)}`
      )
    }
  }
})
