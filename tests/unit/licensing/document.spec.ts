import { createPublicKey } from 'node:crypto'
import { test } from '@japa/runner'
import {
  decryptDocument,
  encryptDocument,
  openDocument,
  signDocument,
  splitDocument,
  writeDocument,
} from '#licensing/document'
import { parseKeyRing, writeKeyRing, type KeyRing } from '#licensing/key_ring'
import { writeLicense, type LicenseFacts } from '#licensing/license_text'
import { hashedSerial, writeRevocations } from '#licensing/revocation_list'
import { algorithmOf, generateSigningKey, signerOf, type Signer } from '#licensing/signing'
import { validateDocument, VALIDATION_CODES, type Question } from '#licensing/validation'
import { licenseFacts, rsaPair, testHost } from '#tests/support/licensing'
import { mutations } from '#tests/support/mutations'

const host = testHost()
const NOW = '2026-12-01T00:00:00Z'
let rsa: Signer
let ed25519: Signer
let stranger: Signer
let ring: KeyRing

const licence = (signer: Signer, more: Partial<LicenseFacts> = {}) =>
  signDocument(
    'LICENSE',
    writeLicense(licenseFacts(host, { keyId: signer.keyId, algorithm: signer.algorithm, ...more })),
    signer
  )
const revocations = (signer: Signer, more: { serials?: string[]; keys?: string[] }) =>
  signDocument(
    'REVOCATIONS',
    writeRevocations({
      keyId: signer.keyId,
      algorithm: signer.algorithm,
      number: 3,
      thisUpdate: NOW,
      nextUpdate: '2026-12-08T00:00:00Z',
      serials: [],
      keys: [],
      ...more,
    }),
    signer
  )
const codeOf = (document: string, more: Partial<Question> = {}) =>
  validateDocument(document, { ring, now: NOW, ...more }).code

test.group('Licensing | documents', (group) => {
  group.setup(async () => {
    const pairs = [await generateSigningKey('RSA-PSS-SHA256'), await generateSigningKey('Ed25519')]
    ;[rsa, ed25519] = pairs.map(({ privateKey }) => signerOf(privateKey)) as [Signer, Signer]
    stranger = signerOf((await generateSigningKey('Ed25519')).privateKey)
    const keys = pairs.map(({ publicKey }, index) => {
      const { keyId: id, algorithm } = [rsa, ed25519][index]!
      return { id, algorithm, publicKey }
    })
    ring = parseKeyRing(writeKeyRing(keys))
  })

  test('both algorithms sign what the ring verifies', async ({ assert }) => {
    assert.equal(ring.size, 2)
    for (const signer of [rsa, ed25519]) assert.equal(codeOf(await licence(signer)), 'VALID')
    assert.equal(codeOf(await licence(stranger)), 'UNKNOWN_KEY')
  })

  test('the same document comes again out of its text and its signature', async ({ assert }) => {
    const document = await licence(rsa)
    const { text, signature } = splitDocument('LICENSE', document)!
    assert.equal(writeDocument('LICENSE', text, signature), document)
  })

  test('weak keys sign nothing', ({ assert }) => {
    assert.isNull(algorithmOf(rsaPair('weak', 2048).publicKey))
    assert.equal(algorithmOf(rsaPair('strong', 3072).publicKey), 'RSA-PSS-SHA256')
  })

  test('a list of what is revoked is no licence, and the other way round', async ({ assert }) => {
    const list = await revocations(rsa, {})
    assert.equal(codeOf(list), 'MALFORMED')
    const disguised = list.replaceAll('PORTICO REVOCATIONS', 'PORTICO LICENSE')
    assert.equal(codeOf(disguised), 'MALFORMED')
    assert.equal(openDocument('REVOCATIONS', await licence(rsa), ring).fault, 'MALFORMED')
  })

  test('answers keep their precedence', async ({ assert }) => {
    const serials = [hashedSerial(42)]
    const list = await revocations(rsa, { serials })
    const other = { host: 'f'.repeat(64), product: 'other', lastSeen: '2029-01-01T00:00:00Z' }
    const document = await licence(rsa)
    assert.equal(codeOf(document, { ...other, revocations: list }), 'REVOKED')
    const later = { ...other, now: '2025-01-01T00:00:00Z', lastSeen: null }
    assert.equal(codeOf(document, later), 'NOT_YET_VALID')
    assert.equal(codeOf(document, other), 'EXPIRED')
    assert.equal(codeOf(document, { ...other, lastSeen: null }), 'HOST_MISMATCH')
    assert.equal(codeOf(document, { product: 'other' }), 'PRODUCT_MISMATCH')
    assert.equal(codeOf(document, { lastSeen: '2026-12-02T00:00:00Z' }), 'CLOCK_BACK')
  })

  test('a revoked key takes all its documents with it', async ({ assert }) => {
    const list = await revocations(ed25519, { keys: [rsa.keyId] })
    assert.equal(codeOf(await licence(rsa), { revocations: list }), 'REVOKED')
    assert.equal(codeOf(await licence(ed25519), { revocations: list }), 'VALID')
    const forged = await revocations(stranger, {})
    assert.equal(codeOf(await licence(rsa), { revocations: forged }), 'UNKNOWN_KEY')
  })

  test('grace is told, and ends', async ({ assert }) => {
    const document = await licence(rsa)
    const at = (now: string) => validateDocument(document, { ring, now })
    assert.isFalse(at('2027-11-21T23:59:58Z').isInGrace)
    assert.deepInclude(at('2027-11-22T00:00:00Z'), { code: 'VALID', isInGrace: true })
    assert.equal(at('2027-11-28T23:59:59Z').code, 'EXPIRED')
  })

  test('a clock set back does not revive what has expired', async ({ assert }) => {
    const document = await licence(rsa)
    assert.equal(codeOf(document, { lastSeen: '2028-01-01T00:00:00Z' }), 'EXPIRED')
  })

  test('none of 10,000 mutations of a good licence is one', async ({ assert }) => {
    const good = await licence(ed25519)
    const spelling = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n+$/, '')
    for (const mutant of mutations(Buffer.from(good), 10_000)) {
      const text = mutant.toString('utf8')
      if (spelling(text) === spelling(good)) continue
      const code = codeOf(text)
      assert.include(VALIDATION_CODES, code)
      assert.notEqual(code, 'VALID', text)
    }
  }).timeout(60_000)

  test('encrypted for a host, only that host reads it', async ({ assert }) => {
    const document = await licence(rsa)
    const encrypted = encryptDocument(document, createPublicKey(host.publicKey))
    assert.notInclude(encrypted, 'PORTICO LICENSE')
    assert.equal(decryptDocument(encrypted, host.key), document)
    assert.isNull(decryptDocument(encrypted, rsaPair('another').privateKey))
    for (const mutant of mutations(Buffer.from(encrypted), 300)) {
      const opened = decryptDocument(mutant.toString('utf8'), host.key)
      assert.isTrue(opened === null || opened === document)
    }
  }).timeout(60_000)
})
