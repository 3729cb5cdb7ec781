import type { HttpContext } from '@adonisjs/core/http'
import AddressPool from '#models/address_pool'
import { capacityOfClusters } from '#models/capacity'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath, clusterRow } from '#transformers/cluster'
import { ListLinks } from '#transformers/list_links'
import { timeZoneChoices } from '#transformers/time_zones'
import {
  clusterEndpointValidator,
  createClusterValidator,
  updateClusterValidator,
  vlansValidator,
} from '#validators/cluster'
import { confirmationValidator } from '#validators/confirmation'
import { searchOf } from '#validators/list'

export default class ClustersController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const clusters = await Cluster.list(searchOf(request.qs()).cursor)
    const capacities = await capacityOfClusters()
    const addresses = await AddressPool.freeByCluster()
    return view.render('pages/admin/clusters/index', {
      page: new ListLinks('/admin/clusters').around(clusters),
      clusters: clusters.rows.map((cluster) => ({
        ...clusterRow(cluster, capacities.get(cluster.id)),
        freeAddresses: addresses.get(cluster.id) ?? null,
      })),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    return view.render('pages/admin/clusters/create')
  }

  async store({ bouncer, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const facts = await request.validateUsing(createClusterValidator)
    const cluster = await Cluster.add(facts)
    return response.redirect().toPath(clusterPath(cluster, 'identity'))
  }

  async show({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const cluster = await Cluster.presentAs(params.id)
    const capacities = await capacityOfClusters()
    return view.render('pages/admin/clusters/show', {
      cluster: clusterPage(cluster, capacities.get(cluster.id)),
      storagePools: await cluster.related('storagePools').query().orderBy('name'),
      networks: await cluster.related('networks').query().orderBy('name'),
      readiness: await cluster.readiness(),
      can: { act: await policy.allows('act'), configure: await policy.allows('configure') },
    })
  }

  async edit({ bouncer, params, view, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.id)
    return view.render('pages/admin/clusters/edit', {
      cluster: clusterPage(cluster),
      timeZones: timeZoneChoices(i18n.locale, cluster.timeZone),
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.id)
    const meta = { clusterId: cluster.id }
    const { memoryOvercommit, timeZone, ...facts } = await request.validateUsing(
      updateClusterValidator,
      {
        meta,
      }
    )
    const address =
      cluster.driver === 'fake'
        ? {}
        : await request.validateUsing(clusterEndpointValidator, {
            meta: { driver: cluster.driver },
          })
    const settings = {
      ...cluster.settings,
      memoryOvercommit,
      timeZone: timeZone ?? cluster.timeZone,
      ...(cluster.driver === 'proxmox' && (await request.validateUsing(vlansValidator))),
    }
    await cluster.change({ ...facts, ...address, settings })
    session.flash('notice', { kind: 'success', message: i18n.t('clusters.saved') })
    return response.redirect().toPath(clusterPath(cluster))
  }

  async destroy({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.id)
    await request.validateUsing(confirmationValidator, { meta: { name: cluster.name } })
    await cluster.remove()
    const message = i18n.t('clusters.removed', { name: cluster.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/clusters')
  }
}
