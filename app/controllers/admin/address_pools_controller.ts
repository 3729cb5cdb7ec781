import type { HttpContext } from '@adonisjs/core/http'
import AddressPool from '#models/address_pool'
import Cluster from '#models/cluster'
import { listLeases } from '#models/lease_list'
import StaffPolicy from '#policies/staff_policy'
import { leaseRow, poolPage, poolPath, poolRow } from '#transformers/address_pool'
import { ListLinks } from '#transformers/list_links'
import { addressPoolValidator, poolClusterValidator } from '#validators/address_pool'
import { confirmationValidator } from '#validators/confirmation'
import { searchOf } from '#validators/list'

export default class AddressPoolsController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const cluster = await Cluster.present().where('uid', String(request.qs().cluster)).first()
    const pools = await AddressPool.list(cluster, searchOf(request.qs()).cursor)
    const usage = await AddressPool.usageOf(pools.rows)
    return view.render('pages/admin/address_pools/index', {
      pools: pools.rows.map((pool) => poolRow(pool, usage.get(pool.id)!)),
      page: new ListLinks('/admin/address-pools', { cluster: cluster?.uid }).around(pools),
      cluster: cluster && { uid: cluster.uid, name: cluster.name },
      clusters: await clusterChoices(),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const clusters = await clusterChoices()
    const uid = String(request.qs().cluster ?? '')
    // Where there is only one, nobody has to say which.
    const wanted = clusters.length === 1 ? clusters[0]!.value : uid
    const cluster = await Cluster.present().where('uid', wanted).first()
    return view.render('pages/admin/address_pools/create', {
      cluster: cluster && { uid: cluster.uid, name: cluster.name },
      clusters,
      networks: (await cluster?.networksForPools()) ?? [],
    })
  }

  async store({ bouncer, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { cluster: uid } = await request.validateUsing(poolClusterValidator)
    const cluster = await Cluster.presentAs(uid)
    const { facts, addresses } = await validPool(request, cluster, null)
    const pool = await AddressPool.define(cluster, facts, addresses)
    const message = i18n.t('address_pools.added', { name: pool.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(poolPath(pool))
  }

  async show({ bouncer, params, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const pool = await AddressPool.presentAs(params.id)
    const leases = await listLeases(pool, request.qs())
    return view.render('pages/admin/address_pools/show', {
      pool: await pageOf(pool),
      leases: leases.rows.map(leaseRow),
      page: { previous: leases.previous, next: leases.next },
      can: { act: await policy.allows('act'), configure: await policy.allows('configure') },
    })
  }

  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await AddressPool.presentAs(params.id)
    return view.render('pages/admin/address_pools/edit', {
      pool: await pageOf(pool),
      networks: await networksOf(pool),
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await AddressPool.presentAs(params.id)
    const { facts, addresses } = await validPool(request, pool.cluster, pool)
    await pool.redefine(facts, addresses)
    session.flash('notice', { kind: 'success', message: i18n.t('address_pools.saved') })
    return response.redirect().toPath(poolPath(pool))
  }

  async destroy({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await AddressPool.presentAs(params.id)
    await request.validateUsing(confirmationValidator, { meta: { name: pool.name } })
    await pool.remove()
    const message = i18n.t('address_pools.deleted', { name: pool.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/address-pools')
  }
}

async function validPool(
  request: HttpContext['request'],
  cluster: Cluster,
  pool: AddressPool | null
) {
  const networks = pool ? await networksOf(pool) : await cluster.networksForPools()
  const meta = {
    clusterId: cluster.id,
    poolId: pool?.id ?? 0,
    networks: networks.map(({ name }) => name),
  }
  const valid = await request.validateUsing(addressPoolValidator, { meta })
  const { addresses: included, exclusions: excluded, ...facts } = valid
  return { facts, addresses: { included: included ?? [], excluded: excluded ?? [] } }
}

/** Those there are, and the one it is plugged into even if the cluster lost it. */
async function networksOf(pool: AddressPool): Promise<{ name: string }[]> {
  const networks = await pool.cluster.networksForPools()
  return networks.some(({ name }) => name === pool.network)
    ? networks
    : [{ name: pool.network }, ...networks]
}

async function pageOf(pool: AddressPool) {
  const usage = await AddressPool.usageOf([pool])
  return poolPage(pool, usage.get(pool.id)!, await pool.rangesInOrder())
}

async function clusterChoices() {
  const clusters = await Cluster.present().orderBy('name')
  return clusters
    .filter(({ setupStep }) => setupStep === null)
    .map(({ uid, name }) => ({ value: uid, label: name }))
}
