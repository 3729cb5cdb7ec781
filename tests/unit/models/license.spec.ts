import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import LicenseExpiryMail from '#mails/license_expiry_mail'
import { openDocument } from '#licensing/document'
import { parseLicense } from '#licensing/license_text'
import { validateDocument } from '#licensing/validation'
import KeyApproval from '#models/key_approval'
import type License from '#models/license'
import LicenseDocument from '#models/license_document'
import { listLicenses } from '#models/license_list'
import LicenseLedger from '#models/license_ledger'
import LicenseNotice from '#models/license_notice'
import { standingsOf } from '#models/license_standing'
import RevocationList from '#models/revocation_list'
import SigningKey from '#models/signing_key'
import { Tenant } from '#models/concerns/tenant'
import { sqlTime } from '#models/concerns/sql'
import { testHost } from '#tests/support/licensing'
import { licensing } from '#tests/support/licenses'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world } from '#tests/support/world'

const NOW = () => DateTime.utc().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")
const stateOf = async (license: License) => {
  const row = await db.from('licenses').where('id', license.id).firstOrFail()
  return (await standingsOf([row as never])).get(license.id)!.state
}

test.group('License', (group) => {
  group.each.teardown(emptyDatabase)

  test('granted, bound, signed, handed out', async ({ assert }) => {
    const { acme } = await world()
    const { grant, upload, document, product } = await licensing()
    const license = await grant(acme, 'ACME-DESK')
    assert.equal(await stateOf(license), 'TOUPLOAD')
    const { operation } = await upload(acme, license)
    await finish(operation!)
    assert.equal(operation!.state, 'succeeded', operation!.error ?? '')
    assert.equal(await stateOf(license), 'TODOWNLOAD')
    const current = await document(license)
    const ring = await LicenseDocument.ring()
    const { code, facts } = validateDocument(current!.document, {
      ring,
      now: NOW(),
      product: product.code,
    })
    assert.equal(code, 'VALID')
    assert.deepInclude(facts, { serial: 1, name: 'ACME-DESK', maxVm: 100, holder: 'Acme' })
    const handed = await acme.inside(() => current!.handOut(license, 'document', acme.viewer))
    assert.equal(handed.name, 'ACME-DESK.license')
    assert.equal(handed.downloads, 1)
  })

  test('a refused file says why and leaves the good host where it is', async ({ assert }) => {
    const { acme } = await world()
    const { issued, upload, document } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    const before = await document(license)
    const { upload: refused } = await upload(acme, license, Buffer.from('no host'))
    assert.equal(refused.refusal, 'TRUNCATED')
    assert.equal(await stateOf(license), 'INFOERROR')
    assert.equal((await document(license))!.id, before!.id)
    await upload(acme, license)
    assert.equal(await stateOf(license), 'TODOWNLOAD')
  })

  test('two uploads at once give one document', async ({ assert }) => {
    const { acme } = await world()
    const { grant, upload } = await licensing()
    const license = await grant(acme, 'ACME-DESK')
    const received = await Promise.all([upload(acme, license), upload(acme, license)])
    for (const { operation } of received) await finish(operation!)
    assert.lengthOf(await db.from('license_documents'), 1)
    assert.lengthOf(await db.from('license_ledger'), 1)
    const again = await acme.inside(() => license.issue(acme.owner))
    await finish(again)
    assert.equal(again.state, 'succeeded')
    assert.lengthOf(await db.from('license_documents'), 1)
  })

  test('two downloads at once count two of one document', async ({ assert }) => {
    const { acme } = await world()
    const { issued, document } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    const current = (await document(license))!
    const handed = await acme.inside(() =>
      Promise.all([1, 2].map(() => current.handOut(license, 'document', acme.owner)))
    )
    assert.equal(handed[0]!.sha256, handed[1]!.sha256)
    assert.deepInclude(await db.from('license_documents').first(), { downloads: 2 })
  })

  test('a sixth download in a hurry waits ten minutes', async ({ assert }) => {
    const { acme } = await world()
    const { issued, document } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    const current = (await document(license))!
    const take = () => acme.inside(() => current.handOut(license, 'document', acme.owner))
    for (let count = 0; count < 6; count++) await take()
    await assert.rejects(take, 'E_DOWNLOADS_PAUSED')
    assert.equal(await stateOf(license), 'DOWNLOADERROR')
    await db.from('license_downloads').update({ downloaded_at: db.raw('downloaded_at - 600000') })
    await take()
    assert.equal(await stateOf(license), 'TODOWNLOAD')
  })

  test('stored bytes that changed are not handed out; a new issue heals', async ({ assert }) => {
    const { acme } = await world()
    const { issued, document } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    await db.from('license_documents').update({ document: 'something else' })
    const broken = (await document(license))!
    await assert.rejects(
      () => acme.inside(() => broken.handOut(license, 'document', null)),
      'E_DOCUMENT_BROKEN'
    )
    assert.equal(await stateOf(license), 'DOWNLOADERROR')
    const listed = async (state: 'DOWNLOADERROR' | 'TODOWNLOAD') => {
      const asked = { words: '', state, cursor: { after: null, before: null } }
      const { rows } = await acme.inside(() => listLicenses([license.organizationId], asked))
      return rows.length
    }
    assert.equal(await listed('DOWNLOADERROR'), 1)
    assert.equal(await listed('TODOWNLOAD'), 0)
    assert.equal(await Tenant.system('test', () => LicenseDocument.inspect()), 1)
    await finish(await acme.inside(() => license.issue(acme.owner)))
    assert.equal(await stateOf(license), 'TODOWNLOAD')
    const healed = (await document(license))!
    assert.notEqual(healed.id, broken.id)
    await acme.inside(() => healed.handOut(license, 'document', null))
  })

  test('limits are frozen while a host is bound, until staff open them', async ({ assert }) => {
    const { acme } = await world()
    const { issued, document } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    const limits = { ...license.$attributes, maxVm: 200, entitlements: [] } as never
    const change = () => acme.inside(() => license.change(limits, acme.owner))
    await assert.rejects(change, 'E_LICENSE_FROZEN')
    await acme.inside(() => license.reopen())
    await finish((await change())!)
    const facts = parseLicense(
      openDocument('LICENSE', (await document(license))!.document, await LicenseDocument.ring())
        .text!
    )
    assert.equal(facts!.maxVm, 200)
    await acme.inside(() => license.refresh())
    await assert.rejects(change, 'E_LICENSE_FROZEN')
  })

  test('another host takes the place, and what the first had is revoked', async ({ assert }) => {
    const { acme } = await world()
    const { issued, upload, file, document } = await licensing({ rebindLimit: 1 })
    const license = await issued(acme, 'ACME-DESK')
    const first = (await document(license))!
    const { operation } = await upload(acme, license, file(license, testHost('second')))
    await finish(operation!)
    const list = (await RevocationList.latest())!
    const ring = await LicenseDocument.ring()
    const code = (text: string) =>
      validateDocument(text, { ring, now: NOW(), revocations: list.document }).code
    assert.equal(code(first.document), 'REVOKED')
    assert.equal(code((await document(license))!.document), 'VALID')
    const { upload: third } = await upload(acme, license, file(license, testHost('third')))
    assert.isTrue(third.isWaiting)
    await finish((await acme.inside(() => third.approve(acme.owner)))!)
    assert.lengthOf(await db.from('activations').whereNull('deactivated_at'), 1)
  })

  test('revoked, suspended, expired: nothing is bound or handed out', async ({ assert }) => {
    const { acme, staff } = await world()
    const admin = await staff()
    const { issued, upload, document } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    const current = (await document(license))!
    const take = () => acme.inside(() => current.handOut(license, 'document', null))
    await acme.inside(() => license.suspend('unpaid', admin))
    assert.equal(await stateOf(license), 'SUSPENDED')
    await assert.rejects(take, 'E_LICENSE_CLOSED')
    await acme.inside(() => license.liftSuspension(admin))
    await take()
    await db.from('licenses').where('id', license.id).update({ expires_at: '2020-01-01 00:00:00' })
    await acme.inside(() => license.refresh())
    assert.equal(await stateOf(license), 'EXPIRED')
    await assert.rejects(() => upload(acme, license), 'E_LICENSE_CLOSED')
    const until = DateTime.utc().plus({ years: 2 }).startOf('second')
    await finish((await acme.inside(() => license.renew(until, admin)))!)
    assert.equal(await stateOf(license), 'TODOWNLOAD')
    await acme.inside(() => license.revoke('fraud', admin))
    assert.equal(await stateOf(license), 'REVOKED')
    assert.isNotEmpty((await RevocationList.latest())!.facts.serials)
  })

  test('the ledger is whole, makes each document again, and shows a change', async ({ assert }) => {
    const { acme } = await world()
    const { issued, document } = await licensing({ algorithm: 'RSA-PSS-SHA256' })
    for (const name of ['A-1', 'A-2', 'A-3']) await issued(acme, name)
    const last = await issued(acme, 'A-4')
    const kept = (await document(last))!
    const remade = (await LicenseLedger.document(4))!
    assert.equal(remade.document, kept.document)
    assert.equal(remade.digest, kept.digest)
    assert.deepInclude(await LicenseLedger.verify(), { documents: 4, fault: null })
    await db.from('license_ledger').where('position', 2).update({ license_name: 'B' })
    assert.deepEqual((await LicenseLedger.verify()).fault, { position: 2, fault: 'changed' })
    await db.from('license_ledger').where('position', 2).delete()
    assert.deepEqual((await LicenseLedger.verify()).fault, { position: 2, fault: 'missing' })
  })

  test('the classic file comes beside the document, or tells that it does not fit', async ({
    assert,
  }) => {
    const { acme } = await world()
    const { issued, grant, upload, file, document } = await licensing({
      classicEnabled: true,
      encrypted: true,
    })
    const license = await issued(acme, 'ACME-DESK')
    assert.deepEqual((await document(license))!.forms, ['document', 'encrypted', 'classic'])
    const other = await grant(acme, 'ACME-LONG')
    const host = { ...testHost(), serialNumber: 'S'.repeat(250) }
    const { operation } = await upload(acme, other, file(other, host))
    await finish(operation!)
    assert.equal(operation!.state, 'failed')
    assert.equal(operation!.error, 'E_CLASSIC_TOO_LONG')
  })

  test('two administrators rotate a key; the old one goes on verifying', async ({ assert }) => {
    const { acme, staff } = await world()
    const [first, second] = [await staff(), await staff()]
    const { issued, document, signing } = await licensing()
    const license = await issued(acme, 'ACME-DESK')
    const next = await SigningKey.generate('Ed25519', 0, first)
    assert.equal(next.keyState, 'next')
    const approval = await KeyApproval.request(next, 'activate', 'yearly', first)
    await assert.rejects(() => approval.approve(first), 'E_SECOND_ADMINISTRATOR_NEEDED')
    await assert.rejects(
      () => KeyApproval.request(next, 'activate', 'again', second),
      'E_NOT_POSSIBLE_NOW'
    )
    await approval.approve(second)
    await Promise.all([next.refresh(), signing.refresh()])
    assert.equal(next.keyState, 'active')
    assert.equal(signing.keyState, 'retired')
    const old = (await document(license))!
    assert.isTrue(old.isIntact(await LicenseDocument.ring()))
    await finish(await acme.inside(() => license.issue(first)))
    assert.equal((await document(license))!.signingKeyId, next.id)
    const revocation = await KeyApproval.request(signing, 'revoke', 'lost', second)
    await revocation.approve(first)
    assert.deepEqual((await RevocationList.latest())!.facts.keys, [signing.keyId])
  })

  test('an export takes two, opens once, and is a container', async ({ assert }) => {
    const { staff } = await world()
    const [first, second] = [await staff(), await staff()]
    const { signing } = await licensing({ algorithm: 'RSA-PSS-SHA256' })
    const approval = await KeyApproval.request(signing, 'export', 'escrow', first)
    const take = (by = first) => approval.export('a long pass phrase', by)
    await assert.rejects(() => take(), 'E_SECOND_ADMINISTRATOR_NEEDED')
    await approval.approve(second)
    await assert.rejects(() => take(second), 'E_SECOND_ADMINISTRATOR_NEEDED')
    const { name, bytes } = await take()
    assert.equal(name, `${signing.keyId}.p12`)
    await assert.rejects(() => take(), 'E_NOT_POSSIBLE_NOW')
    await assert.rejects(
      () => SigningKey.import(bytes, 'another phrase', 'documents', first),
      'E_KEY_UNFIT'
    )
    await assert.rejects(
      () => SigningKey.import(bytes, 'a long pass phrase', 'documents', first),
      'E_KEY_UNFIT'
    )
    await db.from('key_approvals').delete()
    await db.from('signing_keys').where('id', signing.id).delete()
    const back = await SigningKey.import(bytes, 'a long pass phrase', 'documents', first)
    assert.equal(back.keyId, signing.keyId)
  })

  test('private keys are sealed', async ({ assert }) => {
    await licensing()
    for (const row of await db.from('signing_keys')) {
      assert.match(row.private_key_encrypted, /^v1\.t1\./)
      assert.notInclude(JSON.stringify(row), 'PRIVATE KEY')
    }
  })

  test('its holder is told 30, 7 and 1 days ahead, each once', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { grant } = await licensing()
    const { mails } = mail.fake()
    cleanup(() => mail.restore())
    const license = await grant(acme, 'ACME-DESK')
    const endsIn = (days: number) =>
      db
        .from('licenses')
        .where('id', license.id)
        .update({ expires_at: sqlTime(DateTime.utc().plus({ days })) })
    const send = () => Tenant.system('test', () => LicenseNotice.sendDue())
    assert.equal(await send(), 0)
    for (const days of [29, 6, 0.5]) {
      await endsIn(days)
      await send()
      await send()
    }
    // Moving the end begins anew, so each of the three was another promise.
    mails.assertQueuedCount(LicenseExpiryMail, 6)
  })
})
