import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { allowedRanges } from '#config/webhooks'
import { callWebhook, isCallable, newWebhookSecret } from '#services/webhook_call'
import { selfSigned } from '#tests/support/certificates'
import { listener } from '#tests/support/webhooks'

const message = { id: 'v1', body: '{}' }
const call = (url: string, withinMs?: number) =>
  callWebhook(url, [newWebhookSecret()], message, withinMs)

test.group('A webhook that is called', (group) => {
  group.each.setup(() => {
    const before = [...allowedRanges]
    return () => void allowedRanges.splice(0, Infinity, ...before)
  })

  test('is taken when it answers 2xx', async ({ assert, cleanup }) => {
    const { url } = await listener(cleanup, () => 202)
    assert.deepInclude(await call(url), { status: 202, problem: null })
  })

  test('leads nowhere else: a redirect is an answer like others', async ({ assert, cleanup }) => {
    const aim = await listener(cleanup)
    const { url } = await listener(cleanup, () => 307, { location: aim.url })
    assert.deepInclude(await call(url), { status: 307, problem: 'status' })
    assert.lengthOf(aim.received, 0)
  })

  test('whose name means this machine is not connected to', async ({ assert, cleanup }) => {
    const { url, received } = await listener(cleanup)
    allowedRanges.splice(0, Infinity)
    const named = url.replace('127.0.0.1', 'localhost')
    assert.isTrue(
      isCallable(named.replace('http:', 'https:')),
      'a name is judged when it is called'
    )
    for (const address of [named, named.replace('http:', 'https:'), url]) {
      assert.deepInclude(await call(address), { status: null, problem: 'address' })
    }
    assert.lengthOf(received, 0)
  })

  test('inside is reached only where the operator allows it', async ({ assert, cleanup }) => {
    const { url } = await listener(cleanup)
    allowedRanges.splice(0, Infinity, '10.0.0.0/8')
    assert.deepInclude(await call(url), { problem: 'address' })
    allowedRanges.splice(0, Infinity, '127.0.0.0/8')
    assert.deepInclude(await call(url), { problem: null })
  })

  test('with a certificate that nobody vouches for is told nothing', async ({
    assert,
    cleanup,
  }) => {
    const { certificate: cert, privateKey: key } = selfSigned('127.0.0.1')
    let requests = 0
    const server = https.createServer({ cert, key }, (_request, response) => {
      requests += 1
      response.end()
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    cleanup(() => void server.close())
    const { port } = server.address() as AddressInfo
    const answer = await call(`https://127.0.0.1:${port}/`)
    assert.deepInclude(answer, { status: null, problem: 'certificate' })
    assert.equal(requests, 0)
  })

  test('is waited for no longer than it may take', async ({ assert, cleanup }) => {
    const { url } = await listener(cleanup, () => null)
    assert.deepInclude(await call(url, 200), { status: null, problem: 'timeout' })
  })

  test('that never stops answering is hung up on', async ({ assert, cleanup }) => {
    const hungUp = Promise.withResolvers<void>()
    const server = http.createServer((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
      }
      response.on('drain', more).on('close', hungUp.resolve)
      more()
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    cleanup(() => void server.close())
    const { port } = server.address() as AddressInfo
    assert.deepInclude(await call(`http://127.0.0.1:${port}/`), { status: 200, problem: null })
    await hungUp.promise
  })

  test('that is not there, or has no such name, is told apart', async ({ assert, cleanup }) => {
    const { url } = await listener(cleanup)
    const nobody = url.replace(/:\d+/, ':1')
    assert.deepInclude(await call(nobody), { problem: 'unreachable' })
    assert.deepInclude(await call('https://nowhere.invalid/'), { problem: 'unresolved' })
  })
})
