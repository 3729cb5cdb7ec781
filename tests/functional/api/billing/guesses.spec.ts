import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import BillingKey from '#models/billing_key'
import { forgetRefusals } from '#exceptions/refusal_log'
import { countWrongBillingKey } from '#start/limiter'
import { issueBillingKey } from '#tests/support/billing'
import { countStatements } from '#tests/support/statements'
import { world } from '#tests/support/world'

const TRIES = 100_000
/** Of them so many go all the way, over HTTP: more than an address may. */
const ASKED = 60
const MIB = 1_048_576
/** A try that left only 100 bytes behind would come to 10 MiB. */
const MOST_MIB = 5
const HERE = '198.51.100.7'

const guess = () => `pbk_${randomBytes(32).toString('base64url')}`

function heapMib(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed / MIB
}

test.group('Guesses at a billing key', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(async () => {
    await limiter.clear()
    forgetRefusals()
  })

  const rowsIn = async (table: string) => {
    const row = await db.from(table).count('* as total').firstOrFail()
    return Number(row.total)
  }

  test('are counted in one place, and told to the audit as often as it takes them', async ({
    client,
    assert,
  }) => {
    await world()
    const before = { limits: await rowsIn('rate_limits'), events: await rowsIn('audit_events') }
    const answers = new Set<number>()
    const since = Date.now()
    for (let count = 0; count < ASKED; count += 1) {
      const response = await client.get('/api/check').header('apikey', guess())
      answers.add(response.status())
    }
    assert.sameMembers([...answers], [401, 429])
    assert.isAtMost((await rowsIn('rate_limits')) - before.limits, 1)
    const minutes = Math.ceil((Date.now() - since) / 60_000) + 1
    assert.isAtMost((await rowsIn('audit_events')) - before.events, 10 * minutes)
  })

  test('cost no memory, a hundred thousand of them', async ({ assert }) => {
    const tries = async (count: number) => {
      let waits = 0
      for (let made = 0; made < count; made += 1) {
        await countWrongBillingKey(HERE).catch(() => (waits += 1))
      }
      return waits
    }
    await tries(1_000)
    const before = heapMib()
    assert.equal(await tries(TRIES), TRIES)
    assert.isBelow(heapMib() - before, MOST_MIB)
  }).timeout(120_000)

  test('take one statement each, however near they come', async ({ assert }) => {
    const { acme } = await world()
    const key = await issueBillingKey(acme)
    const wrong = {
      'nothing': '',
      'no key at all': 'x',
      'a long one': 'x'.repeat(10_000),
      'an unknown one': guess(),
      'one that begins like a known one': key.slice(0, 12) + guess().slice(12),
      'one that differs in its last character': key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'),
    }
    const found: Record<string, [string, number]> = {}
    for (const [what, value] of Object.entries(wrong)) {
      let refusal = 'none'
      const statements = await countStatements(async () => {
        const answer = await BillingKey.authenticate(value, HERE)
        if ('refusal' in answer) refusal = answer.refusal
      })
      found[what] = [refusal, statements]
    }
    assert.deepEqual(
      found,
      Object.fromEntries(Object.keys(wrong).map((what) => [what, ['unknown', 1]]))
    )
  })

  test('learn nothing from a key that was right once: it takes one statement too', async ({
    assert,
  }) => {
    const { acme } = await world()
    const revoked = await issueBillingKey(acme)
    await acme.inside(async () => {
      const key = await BillingKey.findByOrFail('prefix', revoked.slice(0, 12))
      await key.revoke()
    })
    const ended = {
      revoked,
      expired: await issueBillingKey(acme, { expiresAt: DateTime.utc().minus({ days: 1 }) }),
      address: await issueBillingKey(acme, { allowedAddresses: ['203.0.113.9'] }),
    }
    for (const [refusal, value] of Object.entries(ended)) {
      const statements = await countStatements(async () => {
        assert.deepEqual(await BillingKey.authenticate(value, HERE), { refusal })
      })
      assert.equal(statements, 1, refusal)
    }
  })
})
