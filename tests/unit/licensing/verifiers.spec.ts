import { execFile } from 'node:child_process'
import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { availableParallelism, tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { collectorText } from '#licensing/collector'
import { classicRoom } from '#licensing/classic_file'
import { encryptDocument } from '#licensing/document'
import { HostInfo, hostFingerprint } from '#licensing/host_info'
import { parseKeyRing } from '#licensing/key_ring'
import { validateDocument } from '#licensing/validation'
import { makeVectors, type TestVectors, type Vector } from '#licensing/vectors'
import { rsaPair } from '#tests/support/licensing'

const run = promisify(execFile)
const kit = (file: string) => app.makePath('resources/licensing', file)
const has = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

/** Each language, how it is called, and the program without which it is left out: none for those that always run. */
const LANGUAGES = [
  { name: 'shell (sh)', command: ['sh', kit('verify.sh')], needs: '' },
  { name: 'shell (dash)', command: ['dash', kit('verify.sh')], needs: 'dash' },
  { name: 'shell (busybox)', command: ['busybox', 'sh', kit('verify.sh')], needs: 'busybox' },
  { name: 'Node', command: [process.execPath, kit('verify.mjs')], needs: '' },
  { name: 'Python', command: ['python3', kit('verify.py')], needs: '' },
  { name: 'PHP', command: ['php', kit('verify.php')], needs: '' },
  { name: 'Go', command: [app.tmpPath('verify-go')], needs: 'go' },
]

test.group('Licensing | verifiers', (group) => {
  let folder: string
  let made: TestVectors
  const file = (name: string) => join(folder, name)

  group.setup(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portico-vectors-'))
    made = await makeVectors()
    for (const [name, text] of Object.entries(made.files)) writeFileSync(file(name), text)
    if (has('go')) await run('go', ['build', '-o', app.tmpPath('verify-go'), kit('verify.go')])
  })
  group.teardown(() => rmSync(folder, { recursive: true }))

  async function answerOf([program, ...first]: string[], vector: Vector): Promise<string> {
    const state = file(`state-${randomUUID()}`)
    if (vector.lastSeen) writeFileSync(state, `${vector.lastSeen}\n`)
    const rest = [
      ...['--keys', file(made.keys), '--now', vector.now, '--print'],
      ...(vector.host ? ['--host', file(vector.host)] : []),
      ...(vector.product ? ['--product', vector.product] : []),
      ...(vector.revocations ? ['--revocations', file(vector.revocations)] : []),
      ...(vector.lastSeen ? ['--state', state] : []),
    ]
    try {
      const { stdout } = await run(program!, [...first, file(vector.license), ...rest])
      return stdout.trim()
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return code === 1 ? stdout.trim() : `exit ${code}: ${stderr}`
    }
  }

  test('the portal itself gives the answers of the vectors', ({ assert }) => {
    const ring = parseKeyRing(made.files[made.keys]!)
    for (const vector of made.vectors) {
      const host = vector.host && hostOf(made.files[vector.host]!)
      const { code } = validateDocument(made.files[vector.license]!, {
        ring,
        host,
        now: vector.now,
        product: vector.product,
        revocations: vector.revocations && made.files[vector.revocations],
        lastSeen: vector.lastSeen,
      })
      assert.equal(code, vector.code, vector.name)
    }
  })

  for (const { name, command, needs } of LANGUAGES) {
    test(`${name} gives the same answers`, async ({ assert }) => {
      const left = made.vectors.values()
      const work = async () => {
        for (const vector of left) {
          const expected = vector.code === 'VALID' ? `VALID\n${vector.classic}` : vector.code
          assert.equal(await answerOf(command, vector), expected, vector.name)
        }
      }
      // Each is a process of its own.
      await Promise.all(Array.from({ length: availableParallelism() }, work))
    })
      .timeout(120_000)
      .skip(needs !== '' && !has(needs), `needs ${needs}`)
  }

  test('a verifier with a memory goes on from the latest moment: {name}')
    .with(LANGUAGES.filter(({ needs }) => needs === '' || has(needs)))
    .run(async ({ assert }, { command }) => {
      const good = made.vectors[0]!
      const at = (now: string) =>
        run(command[0]!, [
          ...command.slice(1),
          file(good.license),
          ...['--keys', file(made.keys), '--state', file('memory'), '--now', now],
        ]).then(
          ({ stdout }) => stdout.trim(),
          ({ stdout }) => stdout.trim()
        )
      rmSync(file('memory'), { force: true })
      assert.equal(await at('2026-12-05T00:00:00Z'), 'VALID')
      assert.equal(await at('2026-12-04T00:00:00Z'), 'CLOCK_BACK')
      assert.equal(await at('2028-01-01T00:00:00Z'), 'EXPIRED')
      assert.equal(await at('2026-12-06T00:00:00Z'), 'EXPIRED')
    })
    .timeout(60_000)

  test('an encrypted licence opens on its host: {$self}')
    .with(['sh', 'dash'].filter(has))
    .run(async ({ assert }, shell) => {
      const { publicKey, privateKey } = rsaPair('unwrap')
      const licence = made.files['rsa.license']!
      writeFileSync(file('sealed'), encryptDocument(licence, publicKey))
      writeFileSync(file('host.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
      const { stdout } = await run(shell, [kit('unwrap.sh'), file('sealed'), file('host.key')])
      assert.equal(stdout, licence)
    })

  test('the collector writes what the portal reads: {$self}')
    .with([['sh'], ['dash'], ['busybox', 'sh']].filter(([program]) => has(program!)))
    .run(async ({ assert }, [shell, ...more]) => {
      const vendor = rsaPair('vendor')
      const home = mkdtempSync(join(folder, 'home-'))
      const publicPem = vendor.publicKey.export({ type: 'spki', format: 'pem' }).toString()
      writeFileSync(
        file('collect.sh'),
        collectorText(readFileSync(kit('collect.sh'), 'utf8'), publicPem)
      )
      const collect = () =>
        run(shell!, [...more, file('collect.sh'), 'ACME-DESK', file('ACME.hostinfo')], {
          env: { ...process.env, PORTICO_HOME: home },
        })
      const read = () =>
        HostInfo.read(readFileSync(file('ACME.hostinfo')), {
          name: 'ACME-DESK',
          checkKey: createPrivateKey(vendor.privateKey.export({ type: 'pkcs8', format: 'pem' })),
          allowsClassic: false,
        })
      await collect()
      const first = read()
      assert.isNull(first.refusal)
      await collect()
      assert.equal(read().hostInfo!.fingerprint(), first.hostInfo!.fingerprint())
      assert.equal(classicRoom(createPublicKey(first.hostInfo!.publicKey)), 245)
    })
})

function hostOf(text: string): string {
  const lines = text.split('\n')
  const publicKey = lines.slice(4).join('\n')
  return hostFingerprint({ mac: lines[1]!, serialNumber: lines[2]!, publicKey })
}
