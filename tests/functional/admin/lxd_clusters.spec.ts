import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import { record, text } from '#drivers/json'
import { at } from '#drivers/lxd/client'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Network from '#models/network'
import Node from '#models/node'
import type User from '#models/user'
import { freshAccounts } from '#tests/support/accounts'
import { sharedNodes, type LxdLabNode } from '#tests/support/lxd_lab'
import { person } from '#tests/support/world'

const [node] = (await sharedNodes()).slice(-1)
const NO_LAB = 'no LXD here: start one with tests/labs/lxd/lxd-up 1 2 (root, Debian)'

test.group('Admin clusters on a real LXD', (group) => {
  freshAccounts(group)

  test('one is added by hand, from its address to its images, with a key pair of ours', async ({
    client,
    assert,
    cleanup,
  }) => {
    const admin = await person({ staffRole: 'admin' })
    await send(client, 'post', '/admin/clusters', admin, { name: 'lab', endpoint: node!.url })
    const cluster = await Cluster.findByOrFail('liveName', 'lab')
    const path = `/admin/clusters/${cluster.uid}`

    const identity = await client.get(`${path}/identity`).loginAs(admin)
    identity.assertTextIncludes(`value="${node!.fingerprint}"`)
    await send(client, 'put', `${path}/identity`, admin, { fingerprint: node!.fingerprint })
    await send(client, 'put', `${path}/credentials`, admin, { source: 'generate' })
    await send(client, 'post', `${path}/tests`, admin)
    await cluster.refresh()
    assert.equal(cluster.diagnosis, 'unauthorized')

    const { token, forget } = await trustToken(node!)
    cleanup(() => forget(cluster.clientFingerprint))
    const wrong = await send(client, 'post', `${path}/trust`, admin, { secret: 'guessed' })
    assert.equal(wrong.flashMessage('notice').kind, 'error')
    assert.notInclude(JSON.stringify(wrong.flashMessages()), 'guessed')
    const trusted = await send(client, 'post', `${path}/trust`, admin, { secret: token })
    assert.equal(trusted.flashMessage('notice').kind, 'success')

    const tested = await send(client, 'post', `${path}/tests`, admin)
    tested.assertHeader('location', `${path}/placement`)
    const placement = await client.get(`${path}/placement`).loginAs(admin)
    placement.assertTextIncludes(node!.bridge)
    const placed = await send(client, 'put', `${path}/placement`, admin, {
      storage_pool: 'default',
      networks: node!.bridge,
    })
    placed.assertHeader('location', path)

    await cluster.refresh()
    assert.isNull(cluster.setupStep)
    assert.equal(cluster.status, 'online')
    assert.equal(cluster.facts!.product, 'LXD')
    assert.deepEqual(cluster.settings.networks, [node!.bridge])
    const bridge = await Network.findByOrFail({ clusterId: cluster.id, name: node!.bridge })
    assert.equal(bridge.ipv4, `${node!.gateway}/24`)
    assert.isNotNull(await Image.findBy({ clusterId: cluster.id, name: 'tiny' }))
    const machine = await Node.findByOrFail('clusterId', cluster.id)
    assert.isAbove(machine.memoryMib, 512)
  })
    .skip(!node, NO_LAB)
    .timeout(60_000)

  test('a pin of somebody else keeps everything from being said', async ({ assert }) => {
    const cluster = await Cluster.add({ name: 'pinned', driver: 'lxd', endpoint: node!.url })
    await cluster.pin('0'.repeat(64))
    const { certificate, privateKey } = node!.connection().credentials
    await cluster.keepKeyPair({ certificate: certificate!, privateKey: privateKey! })
    assert.equal(await cluster.test(), 'tls_mismatch')
    assert.include(await cluster.sync(), { outcome: 'failed', errorKind: 'tls_mismatch' })
    assert.isNull(await Node.findBy('clusterId', cluster.id))
  }).skip(!node, NO_LAB)
})

/** What `lxc config trust add --name portico` prints; `forget` takes the certificate from the list again. */
async function trustToken(lab: LxdLabNode) {
  const operator = lab.client()
  const { metadata } = await operator.request('POST', at('certificates'), {
    body: { json: { type: 'client', name: 'portico', token: true } },
  })
  const { request, secret, fingerprint, addresses } = record(record(metadata).metadata)
  const parts = { client_name: record(request).name, fingerprint, addresses, secret: text(secret) }
  return {
    token: Buffer.from(JSON.stringify(parts)).toString('base64'),
    async forget(certificate: string | null) {
      if (certificate) await operator.request('DELETE', at('certificates', certificate))
      operator.close()
    },
  }
}

function send(
  client: ApiClient,
  method: 'post' | 'put',
  url: string,
  user: User,
  form: Record<string, string> = {}
) {
  return client[method](url).form(form).loginAs(user).withCsrfToken().redirects(0)
}
