import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath } from '#transformers/cluster'
import { numbersValidator, placementValidator } from '#validators/cluster'

/** Where the root disks of new instances go, and which networks there are for address pools. */
export default class PlacementsController {
  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    return view.render('pages/admin/clusters/placement', {
      cluster: clusterPage(cluster),
      storagePools: await cluster.presentStoragePools(),
      networks: await cluster.presentNetworks(),
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const isFirst = cluster.setupStep === 'placement'
    const storagePools = await cluster.presentStoragePools()
    const present = await cluster.presentNetworks()
    const { storagePool, networks = [] } = await request.validateUsing(placementValidator, {
      meta: {
        storagePools: storagePools.map(({ name }) => name),
        networks: present.map(({ name }) => name),
      },
    })
    const numbers =
      cluster.driver === 'proxmox' ? await request.validateUsing(numbersValidator) : {}
    await cluster.change({ settings: { ...cluster.settings, storagePool, networks, ...numbers } })
    if (isFirst) await cluster.sync()
    session.flash('notice', {
      kind: 'success',
      message: i18n.t(isFirst ? 'clusters.placement.ready' : 'clusters.saved'),
    })
    return response.redirect().toPath(clusterPath(cluster))
  }
}
