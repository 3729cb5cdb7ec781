import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import Operation from '#models/operation'
import type User from '#models/user'
import { anotherNode } from '#tests/support/nodes'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world } from '#tests/support/world'

test.group('Moving an instance by its pages', (group) => {
  group.each.teardown(emptyDatabase)

  test('staff choose among the nodes, see their room and why one cannot be had', async ({
    client,
    assert,
  }) => {
    const scene = await world()
    const { acme, fake, staff } = scene
    const web = await acme.instance('web-1')
    const target = await anotherNode(scene)
    await anotherNode(scene, { name: 'node-3', memoryMib: 100, diskGib: 5 })
    const closed = await anotherNode(scene, { name: 'node-4' })
    await closed.close()
    const operator = await staff('operator')
    const path = `/admin/instances/${web.uid}`
    const settings = await client.get(`${path}/settings`).loginAs(operator)
    settings.assertTextIncludes(`${path}/move`)
    const page = await client.get(`${path}/move`).loginAs(operator)
    for (const text of [
      'Its node now',
      'It has no room for it',
      'It takes nothing new',
      'It is stopped meanwhile',
      'of 128',
    ]) {
      page.assertTextIncludes(text)
    }
    assert.equal(await refusedAt(client, operator, path, closed.uid), 'node')
    assert.equal(await refusedAt(client, operator, path, 'nnobody'), 'node')
    await client
      .post(`${path}/move`)
      .loginAs(operator)
      .withCsrfToken()
      .form({ node: target.uid })
      .redirects(0)
    const operation = await acme.inside(() =>
      Operation.query().where('type', 'instance.move').firstOrFail()
    )
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    assert.isFalse(operation.isRetryable)
    await acme.inside(() => web.refresh())
    assert.equal(web.nodeId, target.id)
    assert.equal(fake.count(), 1)
  })

  test('with one node, and where the cluster cannot, it is there and says why not', async ({
    client,
  }) => {
    const { acme, cluster, staff } = await world()
    const web = await acme.instance('web-1')
    const operator = await staff('operator')
    const path = `/admin/instances/${web.uid}`
    for (const page of ['settings', 'move']) {
      const alone = await client.get(`${path}/${page}`).loginAs(operator)
      alone.assertTextIncludes('Its cluster has no other node')
    }
    await cluster.change({ settings: { ...cluster.settings, moves: false } })
    const settings = await client.get(`${path}/settings`).loginAs(operator)
    settings.assertTextIncludes('Its cluster cannot do this')
  })

  test('customers neither choose nodes nor see the page; staff who only look are refused', async ({
    client,
    assert,
  }) => {
    const scene = await world()
    const { acme, staff } = scene
    const web = await acme.instance('web-1')
    const target = await anotherNode(scene)
    const settings = await client
      .get(`${acme.path}/instances/${web.uid}/settings`)
      .loginAs(acme.owner)
    assert.notInclude(settings.text(), '/move')
    const own = await client.get(`${acme.path}/instances/${web.uid}/move`).loginAs(acme.owner)
    own.assertStatus(404)
    const asked = await client
      .post(`/admin/instances/${web.uid}/move`)
      .loginAs(await staff('viewer'))
      .withCsrfToken()
      .form({ node: target.uid })
      .redirects(0)
    asked.assertStatus(403)
    assert.isEmpty(await acme.inside(() => Operation.query().where('type', 'instance.move')))
  })
})

/** The field that is named when this node is asked for. */
async function refusedAt(client: ApiClient, by: User, path: string, node: string) {
  const answer = await client
    .post(`${path}/move`)
    .loginAs(by)
    .withCsrfToken()
    .header('accept', 'application/json')
    .form({ node })
    .redirects(0)
  const body = answer.body() as { errors?: { field: string }[]; error?: { field?: string } }
  return body.errors?.[0]?.field ?? body.error?.field
}
