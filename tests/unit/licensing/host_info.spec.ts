import { test } from '@japa/runner'
import fc from 'fast-check'
import { HostInfo, HOST_INFO_BYTES, HOST_INFO_REFUSALS } from '#licensing/host_info'
import { classicHostFile, hostFile, rsaPair, testHost } from '#tests/support/licensing'
import { mutations } from '#tests/support/mutations'

const vendor = rsaPair('vendor')
const host = testHost()
const rules = { name: 'ACME-DESK', checkKey: vendor.privateKey, allowsClassic: false }
const good = hostFile('ACME-DESK', host, vendor.publicKey)
const classic = classicHostFile('ACME-DESK', host, vendor.publicKey)
const read = (file: string | Buffer, more = {}) =>
  HostInfo.read(Buffer.from(file as string), { ...rules, ...more })
const line = (number: number, text: string) =>
  good
    .split('\n')
    .map((old, index) => (index === number - 1 ? text : old))
    .join('\n')

test.group('Licensing | host information', () => {
  test('a good file is read, with LF and with CRLF', ({ assert }) => {
    for (const file of [good, good.replaceAll('\n', '\r\n'), good.trimEnd()]) {
      const { refusal, hostInfo } = read(file)
      assert.isNull(refusal)
      assert.equal(hostInfo!.mac, host.mac)
      assert.equal(hostInfo!.serialNumber, host.serialNumber)
      assert.equal(hostInfo!.publicKey, host.publicKey)
    }
  })

  test('a classic file is read where the product takes it', ({ assert }) => {
    assert.equal(read(classic).refusal, 'UNSIGNED')
    assert.isNull(read(classic, { allowsClassic: true }).refusal)
    const old = testHost('old', 1024)
    const weak = classicHostFile('ACME-DESK', old, vendor.publicKey)
    assert.isNull(read(weak, { allowsClassic: true }).refusal)
    assert.equal(read(hostFile('ACME-DESK', old, vendor.publicKey)).refusal, 'BAD_KEY')
  })

  test('{refusal}: {$self}')
    .with([
      { refusal: 'TOO_LARGE', file: Buffer.alloc(HOST_INFO_BYTES + 1, 'a') },
      { refusal: 'WRONG_ENCODING', file: Buffer.from(good, 'utf16le') },
      { refusal: 'WRONG_ENCODING', file: `\ufeff${good}` },
      { refusal: 'WRONG_ENCODING', file: Buffer.concat([Buffer.from(good), Buffer.from([255])]) },
      { refusal: 'TRUNCATED', file: '' },
      { refusal: 'TRUNCATED', file: good.slice(0, good.length / 2) },
      { refusal: 'MALFORMED', file: `${good}more\n` },
      { refusal: 'MALFORMED', file: line(5, '-----BEGIN PRIVATE KEY-----') },
      { refusal: 'FOREIGN', file: hostFile('GLOBEX', host, vendor.publicKey) },
      { refusal: 'BAD_MAC', file: line(2, '52:54:00') },
      { refusal: 'BAD_SERIAL_NUMBER', file: line(3, '') },
      { refusal: 'BAD_KEY', file: line(6, 'AAAA') },
      { refusal: 'TAMPERED', file: line(3, 'SN-002') },
      { refusal: 'TAMPERED', file: line(2, '52:54:00:12:34:58') },
      { refusal: 'TAMPERED', file: line(4, 'ab'.repeat(256)) },
      { refusal: 'TAMPERED', file: hostFile('ACME-DESK', host, rsaPair('other').publicKey) },
      { refusal: 'UNSIGNED', file: classic },
    ])
    .run(({ assert }, { refusal, file }) => {
      assert.equal(read(file).refusal, refusal)
    })

  test('the fingerprint tells hosts apart, not ways of writing them', ({ assert }) => {
    const other = { ...host, mac: '52-54-00-12-34-57; 52:54:00:12:34:56' }
    const moved = { ...host, serialNumber: 'SN-host-002' }
    const of = (one: typeof host) =>
      read(hostFile('ACME-DESK', one, vendor.publicKey)).hostInfo!.fingerprint()
    assert.equal(of(other), of(host))
    assert.notEqual(of(moved), of(host))
    assert.notEqual(of({ ...testHost('another'), serialNumber: host.serialNumber }), of(host))
  })

  test('each of 10,000 mutations of a good file is refused with a code', ({ assert }) => {
    const plain = good.replace(/\n+$/, '')
    let refused = 0
    for (const mutant of mutations(Buffer.from(good), 10_000)) {
      const same = mutant.toString('utf8').replaceAll('\r\n', '\n').replace(/\n+$/, '') === plain
      const { refusal } = read(mutant)
      if (same) continue
      assert.include([...HOST_INFO_REFUSALS], refusal!, JSON.stringify(mutant.toString('latin1')))
      refused += 1
    }
    assert.isAbove(refused, 9_900)
  }).timeout(60_000)

  test('nothing that can be sent makes the reader throw', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.string({ unit: 'binary' }),
        (bytes, text) => {
          assert.isNotNull(read(Buffer.from(bytes)).refusal)
          assert.isNotNull(read(text).refusal)
        }
      )
    )
  })
})
