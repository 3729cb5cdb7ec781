import { test } from '@japa/runner'
import { freshAccounts } from '#tests/support/accounts'
import Image from '#models/image'
import { person, world, type World } from '#tests/support/world'

/** Every page of this area, and which rank of staff may open it. */
const PAGES: { path: (scene: World) => string; rank: 'viewer' | 'operator' | 'admin' }[] = [
  { path: () => '/admin', rank: 'viewer' },
  { path: () => '/admin/clusters', rank: 'viewer' },
  { path: () => '/admin/clusters/create', rank: 'admin' },
  { path: ({ cluster }) => `/admin/clusters/${cluster.uid}`, rank: 'viewer' },
  { path: ({ cluster }) => `/admin/clusters/${cluster.uid}/edit`, rank: 'admin' },
  { path: ({ cluster }) => `/admin/clusters/${cluster.uid}/identity`, rank: 'admin' },
  { path: ({ cluster }) => `/admin/clusters/${cluster.uid}/credentials`, rank: 'admin' },
  { path: ({ cluster }) => `/admin/clusters/${cluster.uid}/placement`, rank: 'admin' },
  { path: ({ cluster }) => `/admin/clusters/${cluster.uid}/nodes`, rank: 'viewer' },
  { path: () => '/admin/images', rank: 'viewer' },
  {
    path: ({ cluster }) => `/admin/images?cluster=${cluster.uid}&state=offered&q=deb`,
    rank: 'viewer',
  },
  { path: () => '/admin/plans', rank: 'viewer' },
  { path: () => '/admin/plans/create', rank: 'admin' },
  { path: ({ plan }) => `/admin/plans/${plan.uid}/edit`, rank: 'admin' },
  { path: () => '/admin/address-pools', rank: 'viewer' },
  { path: () => '/admin/address-pools/create', rank: 'admin' },
  { path: ({ pool }) => `/admin/address-pools/${pool.uid}`, rank: 'viewer' },
  { path: ({ pool }) => `/admin/address-pools/${pool.uid}/edit`, rank: 'admin' },
  { path: ({ pool }) => `/admin/address-pools/${pool.uid}/imports/create`, rank: 'admin' },
]
const RANKS = ['viewer', 'operator', 'admin'] as const

test.group('Admin pages of clusters, images, plans and pools', (group) => {
  freshAccounts(group)

  test('each opens for the ranks that may, in both languages, and for nobody else', async ({
    client,
    assert,
  }) => {
    const scene = await world()
    await scene.cluster.sync()
    await scene.acme.instance('web-1')
    const staff = Object.fromEntries(
      await Promise.all(RANKS.map(async (rank) => [rank, await person({ staffRole: rank })]))
    )
    const stranger = await person()
    for (const { path, rank } of PAGES) {
      const url = path(scene)
      const visitor = await client.get(url).redirects(0)
      visitor.assertHeader('location', '/sign-in')
      const customer = await client.get(url).loginAs(stranger)
      assert.equal(customer.status(), 404, `${url} for a customer`)
      for (const actor of RANKS) {
        const page = await client.get(url).loginAs(staff[actor])
        const may = RANKS.indexOf(actor) >= RANKS.indexOf(rank)
        assert.equal(page.status(), may ? 200 : 403, `${url} for ${actor}`)
      }
      await staff.admin.merge({ locale: 'zh-CN' }).save()
      const chinese = await client.get(url).loginAs(staff.admin)
      assert.equal(chinese.status(), 200, url)
      assert.notMatch(chinese.text(), /translation missing|\[object/i, url)
      await staff.admin.merge({ locale: 'en' }).save()
    }
  }).timeout(120_000)

  test('what came from a cluster or a person is shown as text', async ({ client, assert }) => {
    const scene = await world()
    const hostile = '<img src=x onerror=alert(1)>'
    await Image.query().update({ name: hostile, title: `"${hostile}` })
    await scene.cluster.merge({ name: hostile }).save()
    await scene.node.merge({ name: hostile }).save()
    await scene.plan.merge({ name: hostile, description: hostile }).save()
    await scene.pool.merge({ name: hostile }).save()
    const admin = await scene.staff('admin')
    for (const { path } of PAGES) {
      const page = await client.get(path(scene)).loginAs(admin)
      assert.equal(page.status(), 200, path(scene))
      assert.notInclude(page.text(), hostile, path(scene))
    }
  }).timeout(60_000)
})
