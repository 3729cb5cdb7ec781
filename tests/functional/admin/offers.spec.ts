import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import Image from '#models/image'
import Plan from '#models/plan'
import type User from '#models/user'
import { freshAccounts } from '#tests/support/accounts'
import { auditActions } from '#tests/support/audit'
import { fakeCluster, person, world } from '#tests/support/world'

const SIZE = {
  description: '',
  kind: 'container',
  cpus: '2',
  memory_mib: '2048',
  disk_gib: '20',
  ingress_mbps: '',
  egress_mbps: '100',
  traffic_gib: '',
  traffic_action: 'throttle',
  throttle_mbps: '1',
  snapshot_limit: '3',
  port_forward_limit: '5',
  position: '1',
}

test.group('Admin images', (group) => {
  freshAccounts(group)

  test('staff offer, name and withdraw an image', async ({ client, assert }) => {
    const { cluster } = await fakeCluster()
    await cluster.sync()
    const alpine = await Image.findByOrFail('ref', 'alpine-3.22')
    const admin = await person({ staffRole: 'admin' })
    const path = `/admin/images/${alpine.uid}`

    await send(client, 'post', `${path}/offer`, admin)
    await send(client, 'put', path, admin, { title: 'Alpine' })
    await alpine.refresh()
    assert.isNotNull(alpine.offeredAt)
    assert.equal(alpine.label, 'Alpine')
    await send(client, 'put', path, admin, { title: '' })
    await send(client, 'delete', `${path}/offer`, admin)
    await alpine.refresh()
    assert.isNull(alpine.offeredAt)
    assert.equal(alpine.label, 'Alpine Linux 3.22')
    assert.deepEqual(await auditActions(null), [
      'image.offered',
      'image.renamed',
      'image.renamed',
      'image.withdrawn',
    ])
  })

  test('what the cluster no longer has cannot be offered', async ({ client, assert }) => {
    const { image } = await fakeCluster()
    await image.merge({ offeredAt: null, missingSince: image.syncedAt }).save()
    const operator = await person({ staffRole: 'operator' })
    const refused = await send(client, 'post', `/admin/images/${image.uid}/offer`, operator)
    assert.equal(refused.flashMessage('notice').kind, 'error')
    await image.refresh()
    assert.isNull(image.offeredAt)
  })

  test('are found by words, cluster and state; an address that makes no sense shows all', async ({
    client,
    assert,
  }) => {
    const [first, second] = [await fakeCluster(), await fakeCluster()]
    await first.cluster.sync()
    await second.cluster.sync()
    const viewer = await person({ staffRole: 'viewer' })
    const rows = async (query: string) => {
      const page = await client.get(`/admin/images?${query}`).loginAs(viewer)
      page.assertStatus(200)
      return [...page.text().matchAll(/<td class="lead">/g)].length
    }
    assert.equal(await rows(''), 8)
    assert.equal(await rows('q=UBUNTU'), 2)
    assert.equal(await rows('q=%25'), 0)
    assert.equal(await rows('state=offered'), 2)
    assert.equal(await rows(`state=not_offered&cluster=${first.cluster.uid}`), 3)
    assert.equal(await rows('state=nonsense&q[]=x'), 8)
  })
})

test.group('Admin plans', (group) => {
  freshAccounts(group)

  test('a plan is made, changed, archived, restored and deleted', async ({ client, assert }) => {
    const { cluster } = await fakeCluster()
    const admin = await person({ staffRole: 'admin' })
    await send(client, 'post', '/admin/plans', admin, {
      ...SIZE,
      name: 'm1',
      clusters: cluster.uid,
    })
    const plan = await Plan.query().where('name', 'm1').preload('clusters').firstOrFail()
    const { cpus, memoryMib, ingressMbps, egressMbps } = plan
    assert.deepEqual([cpus, memoryMib, ingressMbps, egressMbps], [2, 2048, null, 100])
    assert.deepEqual(
      plan.clusters.map(({ id }) => id),
      [cluster.id]
    )
    const path = `/admin/plans/${plan.uid}`

    await send(client, 'put', path, admin, { ...SIZE, name: 'm1', cpus: '4' })
    await plan.refresh()
    assert.equal(plan.cpus, 4)
    assert.isEmpty(await db.from('cluster_plans').where('plan_id', plan.id))
    await send(client, 'post', `${path}/archive`, admin)
    await plan.refresh()
    assert.isNotNull(plan.archivedAt)
    await send(client, 'delete', `${path}/archive`, admin)
    await send(client, 'delete', path, admin, { confirmation: 'm1' })
    assert.isNull(await Plan.findBy('name', 'm1'))
    assert.deepEqual(await auditActions(null), [
      'plan.added',
      'plan.clusters_changed',
      'plan.changed',
      'plan.clusters_changed',
      'plan.archived',
      'plan.restored',
      'plan.deleted',
    ])
  })

  test('each figure that makes no sense is told at its field, and what was typed comes back', async ({
    client,
    assert,
  }) => {
    const { plan } = await fakeCluster()
    const admin = await person({ staffRole: 'admin' })
    const refused = await send(client, 'post', '/admin/plans', admin, {
      ...SIZE,
      name: plan.name,
      kind: 'spaceship',
      cpus: '0',
      memory_mib: '1.5',
      disk_gib: 'many',
      egress_mbps: '-1',
      snapshot_limit: '',
    })
    assert.properties(refused.flashMessage('inputErrorsBag'), [
      'name',
      'kind',
      'cpus',
      'memory_mib',
      'disk_gib',
      'egress_mbps',
      'snapshot_limit',
    ])
    assert.equal(refused.flashMessage('disk_gib'), 'many')
  })

  test('one that instances were made from is archived, not deleted', async ({ client, assert }) => {
    const scene = await world()
    await scene.acme.order('web-1')
    const admin = await scene.staff('admin')
    const refused = await send(client, 'delete', `/admin/plans/${scene.plan.uid}`, admin, {
      confirmation: scene.plan.name,
    })
    assert.include(refused.flashMessage('notice').message, 'Archive it instead')
    assert.isNotNull(await Plan.find(scene.plan.id))
  })
})

function send(
  client: ApiClient,
  method: 'post' | 'put' | 'delete',
  url: string,
  user: User,
  form: Record<string, string> = {}
) {
  return client[method](url).form(form).loginAs(user).withCsrfToken().redirects(0)
}
