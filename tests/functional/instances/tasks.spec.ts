import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import ApiToken from '#models/api_token'
import { clusterTasks } from '#models/cluster_memory'
import { freshAccounts } from '#tests/support/accounts'
import { proxmoxCluster } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { finish, person, tenant } from '#tests/support/world'

test.group('Tasks of a cluster', (group) => {
  freshAccounts(group)
  let simulator: ProxmoxSimulator

  group.each.setup(async () => {
    simulator = await ProxmoxSimulator.start({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    return () => simulator.close()
  })

  async function ground() {
    const offers = await proxmoxCluster(simulator)
    const acme = await tenant('Acme', offers)
    const instance = await acme.instance('web-1')
    const tasks = () =>
      acme.inside(async () => {
        await instance.load('cluster')
        return clusterTasks(instance, 50)
      })
    const path = `${acme.path}/instances/${instance.uid}`
    return { acme, offers, instance, tasks, path }
  }

  const get = (client: ApiClient, path: string, user: Awaited<ReturnType<typeof person>>) =>
    client.get(path).loginAs(user).header('accept-language', 'en')

  test('are listed newest first, beside the operations, with what they wrote', async ({
    client,
    assert,
  }) => {
    const { acme, instance, tasks, path } = await ground()
    await acme.inside(() => instance.power('force_stop', acme.owner)).then((one) => finish(one))
    const [latest, ...before] = await tasks()
    assert.deepInclude(latest, { type: 'stop', vendorType: 'vzstop', state: 'succeeded' })
    assert.deepEqual(
      before.map(({ type }) => type),
      ['start', 'create']
    )
    const page = await get(client, `${path}/tasks`, acme.viewer)
    page.assertStatus(200)
    page.assertTextIncludes('Tasks of the cluster')
    page.assertTextIncludes(encodeURIComponent(latest!.id))
    const operations = await get(client, `${path}/history`, acme.viewer)
    operations.assertTextIncludes(`${path}/tasks`)
    const log = await get(client, `${path}/tasks/${encodeURIComponent(before[1]!.id)}`, acme.viewer)
    log.assertTextIncludes('TASK OK')
  })

  test('whom the cluster did it for is for staff alone', async ({ client, assert }) => {
    const { acme, instance, tasks, path } = await ground()
    const [latest] = await tasks()
    const theirs = [`${path}/tasks`, `${path}/tasks/${encodeURIComponent(latest!.id)}`]
    for (const address of theirs) {
      const page = await get(client, address, acme.owner)
      const shown = page.text().replaceAll(/UPID[^"<\s]*/g, '')
      assert.notInclude(shown, simulator.username, address)
    }
    const operator = await person({ staffRole: 'operator' })
    const staff = await get(client, `/admin/instances/${instance.uid}/tasks`, operator)
    staff.assertTextIncludes(simulator.username)
    staff.assertTextIncludes('pve')
  })

  test('of the guest that had the number before nothing is told', async ({ client, assert }) => {
    const { acme, offers, instance, tasks } = await ground()
    const before = await tasks()
    await acme.inside(() => instance.destroy(acme.owner)).then((one) => finish(one))
    // A life takes longer than the second to which tasks are told; its end and the next beginning may share one.
    const life = simulator.cluster.tasks.list(({ type }) => type !== 'vzdestroy')
    for (const task of life) task.starttime -= 60
    const globex = await tenant('Globex', offers)
    const next = await globex.instance('web-2')
    assert.equal(next.ref, instance.ref.split('~')[0])
    const theirs = await globex.inside(async () => {
      await next.load('cluster')
      return clusterTasks(next, 50)
    })
    assert.deepEqual(
      theirs.map(({ type }) => type),
      ['start', 'create']
    )
    const path = `${globex.path}/instances/${next.uid}/tasks`
    for (const { id } of before) {
      const page = await get(client, `${path}/${encodeURIComponent(id)}`, globex.owner)
      page.assertStatus(404)
    }
  })

  test('a cluster that is silent costs the tasks and not the page', async ({ client }) => {
    const { acme, path } = await ground()
    for (const { name } of simulator.cluster.nodes) simulator.setOnline(name, false)
    const page = await get(client, `${path}/tasks`, acme.viewer)
    page.assertStatus(200)
    page.assertTextIncludes('does not answer just now')
  })

  test('a program reads them as well, with no name in them', async ({ client, assert }) => {
    const { acme, instance } = await ground()
    const token = await ApiToken.create(acme.viewer, { name: 'robot', days: 1 })
    const home = `/api/v1/organizations/${acme.organization.slug}/instances/${instance.uid}/tasks`
    const list = await client.get(home).bearerToken(token)
    const [start, create] = list.body().data
    assert.equal(start.type, 'start')
    assert.properties(start, ['id', 'type', 'state', 'reason', 'started_at', 'ended_at'])
    const one = await client.get(`${home}/${encodeURIComponent(create.id)}`).bearerToken(token)
    assert.include(one.body().data.log, 'TASK OK')
  })
})
