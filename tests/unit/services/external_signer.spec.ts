import { createPublicKey } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { validateDocument } from '#licensing/validation'
import { generateSigningKey, keyIdOf, signerOf } from '#licensing/signing'
import LicenseDocument from '#models/license_document'
import SigningKey from '#models/signing_key'
import { externalSigner } from '#services/external_signer'
import { licensing } from '#tests/support/licenses'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world } from '#tests/support/world'

const { publicKey, privateKey } = await generateSigningKey('Ed25519')
const BYTES = Buffer.from('what is to be signed')

type Behaviour = 'signs' | 'signs something else' | 'refuses' | 'is broken' | 'talks'

/** Somebody who holds a key and signs what is asked for by whoever knows the secret. */
class Holder {
  behaviour: Behaviour = 'signs'
  readonly asked: { authorization?: string; keyId: string; algorithm: string }[] = []

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Holder> {
    const server = createServer((request, response) => {
      void holder.answer(request).then(({ status, body }) => response.writeHead(status).end(body))
    })
    const holder = new Holder(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return holder
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/sign`
  }

  stop(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { bytes, ...rest } = JSON.parse(Buffer.concat(chunks).toString())
    this.asked.push({ authorization: request.headers.authorization, ...rest })
    if (this.behaviour === 'refuses') return { status: 403, body: '{}' }
    if (this.behaviour === 'is broken') return { status: 503, body: '' }
    if (this.behaviour === 'talks') return { status: 200, body: '{"signature": 7}' }
    const signed = this.behaviour === 'signs' ? Buffer.from(bytes, 'base64') : Buffer.from('x')
    const signature = await signerOf(privateKey).sign(signed)
    return { status: 200, body: JSON.stringify({ signature: signature.toString('base64') }) }
  }
}

test.group('External signer', (group) => {
  let holder: Holder
  group.each.setup(async () => {
    holder = await Holder.start()
    return () => holder.stop()
  })
  group.each.teardown(emptyDatabase)

  const signer = () =>
    externalSigner({
      keyId: keyIdOf(createPublicKey(publicKey)),
      algorithm: 'Ed25519',
      publicKey,
      url: holder.url,
    })

  test('is shown the secret, the key and the bytes, and its signature is taken', async ({
    assert,
  }) => {
    const signature = await signer().sign(BYTES)
    assert.deepEqual(signature, await signerOf(privateKey).sign(BYTES))
    assert.deepEqual(holder.asked, [
      {
        authorization: 'Bearer test-only-secret-of-the-signer',
        keyId: signer().keyId,
        algorithm: 'Ed25519',
      },
    ])
  })

  test('one that {behaviour} is not believed: {kind}')
    .with([
      { behaviour: 'signs something else', kind: 'invalid' },
      { behaviour: 'refuses', kind: 'invalid' },
      { behaviour: 'talks', kind: 'invalid' },
      { behaviour: 'is broken', kind: 'unreachable' },
    ] as const)
    .run(async ({ assert }, { behaviour, kind }) => {
      holder.behaviour = behaviour
      const error = await signer()
        .sign(BYTES)
        .catch((cause: unknown) => cause)
      assert.propertyVal(error, 'kind', kind)
    })

  test('one that is away is waited for', async ({ assert }) => {
    const { sign } = signer()
    holder.stop()
    const error = await sign(BYTES).catch((cause: unknown) => cause)
    assert.propertyVal(error, 'kind', 'unreachable')
  })

  test('signs licences whose key never was here', async ({ assert }) => {
    const { acme, staff } = await world()
    const { issued, document } = await licensing()
    await db.from('signing_keys').where('purpose', 'documents').delete()
    const key = await SigningKey.addExternal(publicKey, holder.url, await staff())
    assert.isNull(key.privateKeyEncrypted)
    const license = await issued(acme, 'ACME-DESK')
    const { code, facts } = validateDocument((await document(license))!.document, {
      ring: await LicenseDocument.ring(),
      now: `${new Date().toISOString().slice(0, 19)}Z`,
    })
    assert.equal(code, 'VALID')
    assert.equal(facts!.keyId, key.keyId)
    holder.behaviour = 'refuses'
    await acme.inside(() => license.reopen())
    const limits = { ...license.$attributes, maxVm: 200, entitlements: [] } as never
    const operation = (await acme.inside(() => license.change(limits, acme.owner)))!
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal((await document(license))!.serial, 1)
  })
})
