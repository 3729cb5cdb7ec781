import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import db from '@adonisjs/lucid/services/db'
import AuditChain from '#models/audit_chain'
import AuditEvent, { FIRST_HASH } from '#models/audit_event'
import Organization from '#models/organization'
import { Tenant } from '#models/concerns/tenant'
import { person } from '#tests/support/world'

async function organizationWithChain() {
  const owner = await person()
  const organization = await db.transaction((trx) =>
    Organization.found({ name: 'Audited', kind: 'team', owner }, trx)
  )
  // Founding is recorded too; here the chain begins with what the test does.
  await forgetEvents()
  const record = (fields: Partial<Parameters<typeof AuditEvent.record>[0]> = {}) =>
    AuditEvent.record({
      action: 'member.role_changed',
      organizationId: organization.id,
      subject: { kind: 'member', uid: 'm1', label: 'someone@example.com' },
      actor: owner,
      ...fields,
    })
  const events = () =>
    Tenant.run(organization.id, () => AuditEvent.query().orderBy('position').exec())
  return { owner, organization, record, events }
}

async function forgetEvents() {
  await db.from('audit_events').delete()
  await db.from('audit_chains').delete()
}

test.group('Audit events', (group) => {
  group.each.teardown(forgetEvents)

  test('each carries the hash of the one before it', async ({ assert }) => {
    const { record, events, organization, owner } = await organizationWithChain()
    await record()
    await record()
    const [first, second] = await events()
    assert.equal(first.previousHash, FIRST_HASH)
    assert.equal(second.previousHash, first.hash)
    assert.deepEqual([first.position, second.position], [1, 2])
    assert.equal(first.chain, organization.uid)
    assert.equal(first.actorLabel, owner.email)
    assert.isNull(await firstFault())
  })

  test('fifty at once make one unbroken chain', async ({ assert }) => {
    const { record, events } = await organizationWithChain()
    await Promise.all(Array.from({ length: 50 }, (_, n) => record({ after: { n } })))
    const all = await events()
    assert.deepEqual(
      all.map(({ position }) => position),
      Array.from({ length: 50 }, (_, n) => n + 1)
    )
    assert.isNull(await firstFault())
  })

  test('fifty transactions that change a row first and record then do not lock each other out', async ({
    assert,
  }) => {
    const { record, events, organization } = await organizationWithChain()
    const change = (n: number) =>
      db.transaction(async (trx) => {
        await trx
          .from('organizations')
          .where('id', organization.id)
          .update({ name: `Name ${n}` })
        await AuditEvent.record(
          { action: 'organization.changed', organizationId: organization.id, subject: null },
          trx
        )
      })
    await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 ? change(n) : record())))
    assert.lengthOf(await events(), 50)
    assert.isNull(await firstFault())
  })

  test('one that is rolled back with its change leaves no gap', async ({ assert }) => {
    const { record, events, organization } = await organizationWithChain()
    await record()
    const trx = await db.transaction()
    await AuditEvent.record(
      { action: 'member.removed', organizationId: organization.id, subject: null },
      trx
    )
    await trx.rollback()
    await record()
    const all = await events()
    assert.deepEqual(
      all.map(({ position }) => position),
      [1, 2]
    )
    assert.isNull(await firstFault())
  })

  test('only the fields that differ are kept, and no secret', async ({ assert }) => {
    const { record, events } = await organizationWithChain()
    await record({
      before: { role: 'viewer', name: 'Ada', password: 'old secret', deep: { token_hash: 'abc' } },
      after: { role: 'admin', name: 'Ada', password: 'new secret', deep: { token_hash: 'def' } },
    })
    const [event] = await events()
    assert.deepEqual(JSON.parse(event.before!), {
      role: 'viewer',
      password: '••••••',
      deep: { token_hash: '••••••' },
    })
    assert.deepEqual(JSON.parse(event.after!), {
      role: 'admin',
      password: '••••••',
      deep: { token_hash: '••••••' },
    })
  })

  test('text that the columns cannot take is shortened and still verifies', async ({ assert }) => {
    const { record } = await organizationWithChain()
    await record({
      subject: { kind: 'instance', uid: 'i1', label: '𝒳'.repeat(200) + '\ud800' },
      after: { note: '石'.repeat(90_000), lone: '\udc00', many: Array(90_000).fill('x') },
      actor: { anonymous: 'Ünïcode  ' },
    })
    assert.isNull(await firstFault())
  })

  test('the platform has a chain of its own, which no tenant reads', async ({ assert }) => {
    const { record, events, owner } = await organizationWithChain()
    await record()
    await AuditEvent.record({
      action: 'user.signed_in',
      organizationId: null,
      subject: null,
      actor: owner,
    })
    assert.lengthOf(await events(), 1)
    const all = await Tenant.system('test', () => AuditEvent.query().exec())
    assert.lengthOf(all, 2)
  })

  test('none is changed or deleted through the model', async ({ assert }) => {
    const { record, events } = await organizationWithChain()
    await record()
    const [event] = await events()
    event.action = 'something.else'
    await assert.rejects(() => event.save(), /only ever added/)
    await assert.rejects(() => event.delete(), /only ever added/)
  })
})

test.group('audit:verify', (group) => {
  group.each.teardown(forgetEvents)

  for (const [what, tamper, fault] of [
    ['changed', (chain: string) => at(chain, 3).update({ action: 'x.y' }), 'changed'],
    ['removed', (chain: string) => at(chain, 3).delete(), 'missing'],
    [
      'changed together with its own hash',
      (chain: string) => at(chain, 2).update({ hash: 'f'.repeat(64) }),
      'changed',
    ],
  ] as const) {
    test(`names the first row that was ${what}`, async ({ assert }) => {
      const { record, organization } = await organizationWithChain()
      for (let n = 0; n < 5; n++) await record({ after: { n } })
      await tamper(organization.uid)
      const position = what.startsWith('changed together') ? 2 : 3
      assert.deepEqual(await firstFault(), { chain: organization.uid, position, fault })
      assert.equal(await exitCode(), 1)
    })
  }

  test('notices that the last rows were cut off together with the count', async ({ assert }) => {
    const { record, organization } = await organizationWithChain()
    for (let n = 0; n < 3; n++) await record()
    await at(organization.uid, 3).delete()
    await db.from('audit_chains').where('chain', organization.uid).update({ length: 2 })
    const fault = await firstFault()
    assert.equal(fault?.fault, 'head_differs')
  })

  test('notices a chain without its head', async ({ assert }) => {
    const { record, organization } = await organizationWithChain()
    await record()
    await db.from('audit_chains').where('chain', organization.uid).delete()
    const fault = await firstFault()
    assert.equal(fault?.fault, 'no_head')
  })

  test('ends with 0 when all is well', async ({ assert }) => {
    const { record } = await organizationWithChain()
    for (let n = 0; n < 3; n++) await record()
    assert.equal(await exitCode(), 0)
  })
})

function at(chain: string, position: number) {
  return db.from('audit_events').where({ chain, position })
}

async function firstFault() {
  const { fault } = await AuditChain.verify()
  return fault
}

async function exitCode() {
  const command = await ace.exec('audit:verify', ['--json'])
  return command.exitCode
}
