import type { HttpContext } from '@adonisjs/core/http'
import { capacityOfClusters } from '#models/capacity'
import Cluster from '#models/cluster'
import { lastRound, listDrift } from '#models/drift_list'
import { DriftRound } from '#models/drift_round'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath } from '#transformers/cluster'
import { driftListPage, roundItem } from '#transformers/drift'
import { driftRequest } from '#validators/drift'

/** Where one cluster is not as it should be, and the comparison that finds out. */
export default class DriftRoundsController {
  async show({ bouncer, params, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { filter, cursor } = driftRequest({ ...request.qs(), cluster: cluster.uid })
    const capacities = await capacityOfClusters()
    const page = await listDrift(filter, cursor)
    return view.render('pages/admin/clusters/drift', {
      cluster: clusterPage(cluster, capacities.get(cluster.id)),
      round: roundItem(await lastRound(cluster)),
      list: driftListPage(clusterPath(cluster, 'drift'), page, filter, null),
      can: { act: await policy.allows('act') },
    })
  }

  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const result = await new DriftRound(cluster).run()
    await cluster.record('drift.compared', result.outcome === 'failed' ? 'failed' : 'succeeded')
    session.flash('notice', {
      kind: NOTICES[result.outcome],
      message: i18n.t(`drift.${WORDS[result.outcome]}`, { ...result }),
    })
    return response.redirect().toPath(clusterPath(cluster, 'drift'))
  }
}

const NOTICES = { compared: 'success', skipped: 'info', failed: 'error' }
const WORDS = { compared: 'compared', skipped: 'compared_skipped', failed: 'compare_failed' }
