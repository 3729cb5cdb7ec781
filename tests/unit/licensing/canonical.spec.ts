import { test } from '@japa/runner'
import fc from 'fast-check'
import { armour, dearmour } from '#licensing/armour'
import { isWritable, parseCanonical, writeCanonical } from '#licensing/canonical'
import { parseLicense, writeLicense } from '#licensing/license_text'
import { licenseFacts, testHost } from '#tests/support/licensing'

const text = fc.string({ unit: 'grapheme' }).filter(isWritable)
const value = fc.oneof(fc.nat(), text, fc.array(text, { maxLength: 4 }))
const members = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), value, { minKeys: 1 })

test.group('Licensing | canonical text', () => {
  test('what is written is read back, and is JSON', ({ assert }) => {
    fc.assert(
      fc.property(members, (facts) => {
        const written = writeCanonical(facts)
        assert.deepEqual(JSON.parse(written), { ...facts })
        assert.deepEqual({ ...parseCanonical(written) }, { ...facts })
      })
    )
  })

  test('there is no other way to write it', ({ assert }) => {
    const written = writeCanonical({ a: 1, b: 'x"y', c: ['z'] })
    assert.equal(written, '{\n"a":1,\n"b":"x\\"y",\n"c":["z"]\n}\n')
    for (const other of [
      written.replace('"a":1', '"a": 1'),
      written.replace('"a":1', '"a":1.0'),
      written.replace('"a":1', '"a":01'),
      written.replace('"x', String.raw`"\u0078`),
      written.replaceAll('\n', '\r\n'),
      written.trimEnd(),
      written.replace('"b"', '"a"'),
      `${written}\n`,
    ]) {
      assert.isNull(parseCanonical(other), other)
    }
  })

  test('a control character cannot be written', ({ assert }) => {
    assert.throws(() => writeCanonical({ a: 'two\nlines' }))
    assert.throws(() => writeCanonical({ a: 'half of a pair \ud800' }))
    assert.throws(() => writeCanonical({ a: -1 }))
  })

  test('a licence is read back as it was written', ({ assert }) => {
    const facts = licenseFacts(testHost())
    assert.deepEqual(parseLicense(writeLicense(facts)), facts)
    assert.deepInclude(JSON.parse(writeLicense(facts)), {
      classic: [
        '100',
        '20',
        '80',
        '400',
        '1024',
        '10000',
        '2027-11-21',
        facts.mac,
        facts.serialNumber,
      ],
    })
  })

  test('a licence that contradicts itself is none', ({ assert }) => {
    const written = writeLicense(licenseFacts(testHost()))
    for (const [from, to] of [
      ['"max_vm":100', '"max_vm":200'],
      ['"expires":"2027-11-21"', '"expires":"2037-11-21"'],
      ['"grace_until":"2027-11-28', '"grace_until":"2026-11-28'],
      ['"kind":"license"', '"kind":"revocations"'],
      ['"format":1', '"format":2'],
      ['"not_before":"2026-11-21T00', '"not_before":"2026-13-21T00'],
      ['"serial":42', '"serial":0'],
    ]) {
      assert.include(written, from)
      assert.isNull(parseLicense(written.replace(from!, to!)), to)
    }
  })

  test('armour gives the bytes back and knows one spelling', ({ assert }) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const written = armour([{ label: 'X', bytes: Buffer.from(bytes) }])
        assert.deepEqual(dearmour(written, ['X']), [Buffer.from(bytes)])
        assert.deepEqual(dearmour(written.replaceAll('\n', '\r\n'), ['X']), [Buffer.from(bytes)])
        assert.isNull(dearmour(written, ['Y']))
        assert.isNull(dearmour(`${written}x`, ['X']))
      })
    )
    assert.isNull(dearmour('-----BEGIN X-----\nQR==\n-----END X-----\n', ['X']))
  })
})
