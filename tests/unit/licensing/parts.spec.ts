import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { collectorText } from '#licensing/collector'
import { HostInfo } from '#licensing/host_info'
import { fromParts, toParts } from '#licensing/parts'
import { rsaPair } from '#tests/support/licensing'

const TEXT = `-----BEGIN PORTICO LICENSE-----\n${'客户 and words\n'.repeat(200)}`
const kit = (file: string) => app.makePath('resources/licensing', file)

test.group('Licensing | parts', (group) => {
  let folder: string
  group.setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-parts-'))
    return () => rmSync(folder, { recursive: true })
  })

  test('come in any order, and more than once', ({ assert }) => {
    const parts = toParts(TEXT)
    assert.isAbove(parts.length, 3)
    assert.equal(fromParts(parts.toReversed().join('\n')), TEXT)
    assert.equal(fromParts([...parts, parts[1]].join('\r\n')), TEXT)
    assert.equal(fromParts(TEXT), TEXT)
  })

  test('one that is missing, misread or of another text is not passed over', ({ assert }) => {
    const parts = toParts(TEXT)
    const misread = parts[1]!.replace(/(.)$/, (letter) => (letter === 'A' ? 'B' : 'A'))
    assert.isNull(fromParts(parts.slice(1).join('\n')))
    assert.isNull(fromParts([parts[0], misread, ...parts.slice(2)].join('\n')))
    assert.isNull(fromParts([...parts.slice(1), toParts(`${TEXT}!`)[0]].join('\n')))
  })

  test('a host puts them together again, or what was pasted', ({ assert }) => {
    const output = join(folder, 'put.license')
    const receive = (input: string) =>
      spawnSync('sh', [kit('receive.sh'), output], { input, encoding: 'utf8' })
    const parts = toParts(TEXT)
    assert.equal(receive(`noise\n${parts.toReversed().join('\r\n')}\n`).status, 0)
    assert.equal(readFileSync(output, 'utf8'), TEXT)
    rmSync(output)
    assert.equal(receive(`${parts.slice(1).join('\n')}\n`).status, 1)
    const bad = parts.with(0, parts[0]!.replace(/.{4}$/, 'AAAA'))
    assert.equal(receive(`${bad.join('\n')}\n`).status, 1)
    const pasted =
      '-----BEGIN PORTICO LICENSE-----\nAAAA\n-----END PORTICO LICENSE-----\n' +
      '-----BEGIN PORTICO SIGNATURE-----\nBBBB\n-----END PORTICO SIGNATURE-----\n'
    assert.equal(receive(`${pasted}more`).status, 0)
    assert.equal(readFileSync(output, 'utf8'), pasted)
  })

  test('the collector shows its file in parts, which the portal reads', ({ assert }) => {
    const { publicKey, privateKey } = rsaPair('vendor')
    const script = join(folder, 'collect.sh')
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    writeFileSync(script, collectorText(readFileSync(kit('collect.sh'), 'utf8'), pem))
    const shown = execFileSync('sh', [script, '--parts', 'ACME-DESK', join(folder, 'x.hostinfo')], {
      env: { ...process.env, PORTICO_HOME: folder },
      encoding: 'utf8',
    })
    const { refusal, hostInfo } = HostInfo.read(Buffer.from(shown), {
      name: 'ACME-DESK',
      checkKey: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      allowsClassic: false,
    })
    assert.isNull(refusal)
    assert.equal(hostInfo!.name, 'ACME-DESK')
  })
})
