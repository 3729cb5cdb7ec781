/*
| How long a bad billing key takes to be refused, by what is wrong with it, and what a hundred thousand of them leave behind.
| The kinds are asked in turns, in another order each time, one at a time and over HTTP, so that whatever else the machine
| does falls on all of them alike. Each round comes from an address of its own: nobody has to wait.
*/
import { randomBytes } from 'node:crypto'
import { median, withPortico } from './support/app.js'
import { Portal } from './support/portal.js'
import { MemoryCourse } from './support/resident.js'

const PASSWORD = 'bench pass phrase of some length'
const WARM_UP = 200
const ROUNDS = 2_000
const TRIES = 100_000
const IN_FLIGHT = 10
/** From so many in turn: most of their tries come after the limit. */
const ADDRESSES = 500
const LOOK_EVERY = 500
const PREFIX_LENGTH = 12

await withPortico(async () => {
  const portal = await Portal.start('server', IN_FLIGHT, { TRUST_PROXY: '127.0.0.1' })
  try {
    const keys = await badKeys()
    const refuse = async (apikey: string, from: string, statuses: readonly number[]) => {
      const { status } = await portal.call('GET', '/api/check', { apikey, 'x-forwarded-for': from })
      if (!statuses.includes(status)) throw new Error(`a bad key was answered with ${status}`)
    }
    const times = await timesOf(keys, (apikey, from) => refuse(apikey, from, [401]))
    const course = new MemoryCourse(portal.pid)
    let next = 0
    const lane = async () => {
      while (next < TRIES) {
        const number = next++
        if (number % LOOK_EVERY === 0) course.look()
        await refuse(guess(), address(ROUNDS + (number % ADDRESSES)), [401, 429])
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
    const medians = Object.fromEntries(
      Object.entries(times).map(([kind, series]) => [kind, median(series)])
    )
    const { unknown, unknownAgain, wrong, revoked, expired, elsewhere } = medians as Medians
    const all = [unknown, wrong, revoked, expired, elsewhere]
    return {
      unknownMs: rounded(unknown),
      wrongMs: rounded(wrong),
      revokedMs: rounded(revoked),
      expiredMs: rounded(expired),
      addressMs: rounded(elsewhere),
      ratio: rounded(Math.max(...all) / Math.min(...all)),
      noise: rounded(Math.max(unknown, unknownAgain) / Math.min(unknown, unknownAgain)),
      tries: TRIES,
      rssGrowthMb: course.growthMb,
    }
  } finally {
    await portal.stop()
  }
})

type Kind = 'unknown' | 'unknownAgain' | 'wrong' | 'revoked' | 'expired' | 'elsewhere'
type Medians = Record<Kind, number>
type Keys = Record<Kind, () => string>

/** One key of each kind that is refused; of those that are guessed another one each time. */
async function badKeys(): Promise<Keys> {
  const { DateTime } = await import('luxon')
  const { default: BillingKey } = await import('#models/billing_key')
  const { Tenant } = await import('#models/concerns/tenant')
  const { issueBillingKey } = await import('#tests/support/billing')
  const { foundFleet } = await import('./support/fleet.js')
  const { organizations, owner } = await foundFleet(1, PASSWORD)
  const organization = organizations[0]!
  const inside = <T>(work: () => Promise<T>) => Tenant.run(organization.id, work)
  const issue = (order = {}) => issueBillingKey({ organization, owner, inside }, order)
  const [live, revoked] = [await issue(), await issue()]
  const expired = await issue({ expiresAt: DateTime.utc().minus({ days: 1 }) })
  const elsewhere = await issue({ allowedAddresses: ['198.51.100.7'] })
  await inside(async () => {
    const key = await BillingKey.findByOrFail('prefix', revoked.slice(0, PREFIX_LENGTH))
    await key.revoke()
  })
  return {
    unknown: guess,
    unknownAgain: guess,
    wrong: () => live.slice(0, PREFIX_LENGTH) + guess().slice(PREFIX_LENGTH),
    revoked: () => revoked,
    expired: () => expired,
    elsewhere: () => elsewhere,
  }
}

/** Milliseconds of each refusal, by kind; what is new to the process is not counted. */
async function timesOf(keys: Keys, refuse: (apikey: string, from: string) => Promise<void>) {
  const kinds = Object.keys(keys) as Kind[]
  const times = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]]))
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const kind of shuffled(kinds)) {
      const apikey = keys[kind]()
      const from = performance.now()
      await refuse(apikey, address(round))
      if (round >= WARM_UP) times[kind]!.push(performance.now() - from)
    }
  }
  return times
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value)
}

function guess(): string {
  return `pbk_${randomBytes(32).toString('base64url')}`
}

/** One of 65,536 private ones. */
function address(number: number): string {
  return `10.9.${(number >> 8) & 255}.${number & 255}`
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
