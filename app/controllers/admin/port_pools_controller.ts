import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import { listForwards } from '#models/port_forward_list'
import PortPool from '#models/port_pool'
import StaffPolicy from '#policies/staff_policy'
import { ListLinks } from '#transformers/list_links'
import { staffForwardRow } from '#transformers/port_forward'
import { portPoolPage, portPoolPath, portPoolRow } from '#transformers/port_pool'
import { poolClusterValidator } from '#validators/address_pool'
import { confirmationValidator } from '#validators/confirmation'
import { searchOf } from '#validators/list'
import { portPoolValidator } from '#validators/port_pool'

export default class PortPoolsController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const cluster = await Cluster.present().where('uid', String(request.qs().cluster)).first()
    const pools = await PortPool.list(cluster, searchOf(request.qs()).cursor)
    const usage = await PortPool.usageOf(pools.rows)
    return view.render('pages/admin/port_pools/index', {
      pools: pools.rows.map((pool) => portPoolRow(pool, usage.get(pool.id)!)),
      page: new ListLinks('/admin/port-pools', { cluster: cluster?.uid }).around(pools),
      cluster: cluster && { uid: cluster.uid, name: cluster.name },
      clusters: await clusterChoices(),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const clusters = await clusterChoices()
    // Where there is only one, nobody has to say which.
    const wanted = clusters.length === 1 ? clusters[0]!.value : String(request.qs().cluster ?? '')
    const cluster = await Cluster.present().where('uid', wanted).first()
    const forwarder = cluster && (await ClusterForwarder.of(cluster))
    return view.render('pages/admin/port_pools/create', {
      cluster: cluster && { uid: cluster.uid, name: cluster.name },
      publicAddress: forwarder?.publicAddress ?? null,
      clusters,
    })
  }

  async store({ bouncer, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { cluster: uid } = await request.validateUsing(poolClusterValidator)
    const cluster = await Cluster.presentAs(uid)
    const pool = await PortPool.define(cluster, await validPool(request, cluster, null))
    const message = i18n.t('port_pools.added', { name: pool.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(portPoolPath(pool))
  }

  async show({ bouncer, params, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const pool = await PortPool.presentAs(params.id)
    const { words, cursor } = searchOf(request.qs())
    const forwards = await listForwards({ words, pool }, cursor)
    return view.render('pages/admin/port_pools/show', {
      pool: await pageOf(pool),
      forwards: forwards.rows.map(staffForwardRow),
      page: new ListLinks(portPoolPath(pool), { q: words }).around(forwards),
      can: { act: await policy.allows('act'), configure: await policy.allows('configure') },
    })
  }

  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await PortPool.presentAs(params.id)
    return view.render('pages/admin/port_pools/edit', { pool: await pageOf(pool) })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await PortPool.presentAs(params.id)
    await pool.redefine(await validPool(request, pool.cluster, pool))
    session.flash('notice', { kind: 'success', message: i18n.t('port_pools.saved') })
    return response.redirect().toPath(portPoolPath(pool))
  }

  async destroy({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await PortPool.presentAs(params.id)
    await request.validateUsing(confirmationValidator, { meta: { name: pool.name } })
    await pool.remove()
    const message = i18n.t('port_pools.deleted', { name: pool.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/port-pools')
  }
}

async function validPool(request: HttpContext['request'], cluster: Cluster, pool: PortPool | null) {
  const meta = { clusterId: cluster.id, poolId: pool?.id ?? 0 }
  const { reserved, ...valid } = await request.validateUsing(portPoolValidator, { meta })
  const family: 4 | 6 = valid.address.includes(':') ? 6 : 4
  return { ...valid, family, reserved: reserved ?? [] }
}

async function pageOf(pool: PortPool) {
  const usage = await PortPool.usageOf([pool])
  return portPoolPage(pool, usage.get(pool.id)!)
}

async function clusterChoices() {
  const clusters = await Cluster.present().orderBy('name')
  return clusters
    .filter(({ setupStep }) => setupStep === null)
    .map(({ uid, name }) => ({ value: uid, label: name }))
}
