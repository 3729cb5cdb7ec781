import { X509Certificate } from 'node:crypto'
import { test } from '@japa/runner'
import {
  certificateFacts,
  keyPairProblem,
  makeClientCertificate,
  type ClientKeyPair,
} from '#services/client_certificate'

const YEAR_MS = 365 * 24 * 3600 * 1000

test.group('Client certificate', (group) => {
  let pair: ClientKeyPair
  let other: ClientKeyPair
  group.setup(async () => {
    ;[pair, other] = await Promise.all([
      makeClientCertificate('portico.example'),
      makeClientCertificate('portico.example'),
    ])
  })

  test('it is a self-signed client certificate of the name', ({ assert }) => {
    const parsed = new X509Certificate(pair.certificate)
    assert.include(parsed.subject, 'CN=portico.example')
    assert.isTrue(parsed.verify(parsed.publicKey))
    assert.isFalse(parsed.ca)
    assert.deepEqual(parsed.keyUsage, ['1.3.6.1.5.5.7.3.2'])
    assert.equal(parsed.publicKey.asymmetricKeyDetails!.modulusLength, 3072)
  })

  test('it is valid now, since yesterday, for years', ({ assert }) => {
    const { validFrom, validTo } = certificateFacts(pair.certificate)
    assert.isBelow(validFrom.getTime(), Date.now() - 3600_000)
    assert.isAbove(validTo.getTime(), Date.now() + 9 * YEAR_MS)
  })

  test('its fingerprint is written as LXD writes it', ({ assert }) => {
    assert.match(certificateFacts(pair.certificate).fingerprint, /^[0-9a-f]{64}$/)
  })

  test('no two are alike', ({ assert }) => {
    assert.notEqual(pair.privateKey, other.privateKey)
    assert.notEqual(
      new X509Certificate(pair.certificate).serialNumber,
      new X509Certificate(other.certificate).serialNumber
    )
  })

  test('a pair that fits has no problem', ({ assert }) => {
    assert.isNull(keyPairProblem(pair))
  })

  test('each problem of an uploaded pair is told apart', ({ assert }) => {
    const problem = (changes: Partial<ClientKeyPair>, now?: Date) =>
      keyPairProblem({ ...pair, ...changes }, now)
    assert.equal(problem({ certificate: 'nonsense' }), 'certificate_unreadable')
    assert.equal(problem({ certificate: pair.privateKey }), 'certificate_unreadable')
    assert.equal(problem({ privateKey: 'nonsense' }), 'key_unreadable')
    assert.equal(
      problem({ privateKey: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==' }),
      'key_encrypted'
    )
    assert.equal(problem({ privateKey: other.privateKey }), 'not_a_pair')
    assert.equal(problem({}, new Date(Date.now() + 11 * YEAR_MS)), 'expired')
    assert.equal(problem({}, new Date(Date.now() - YEAR_MS)), 'not_yet_valid')
  })

  test('making one does not hold up the event loop', async ({ assert }) => {
    let shortest = Infinity
    // A busy machine holds the loop up as well, and not always.
    for (let attempt = 1; attempt <= 5 && shortest >= 300; attempt++) {
      let longest = 0
      let last = performance.now()
      const beat = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      }, 5)
      await makeClientCertificate('portico.example')
      clearInterval(beat)
      shortest = Math.min(shortest, Math.max(longest, performance.now() - last))
    }
    assert.isBelow(shortest, 300)
  })
})
