import type { HttpContext } from '@adonisjs/core/http'
import { capacityOfClusters } from '#models/capacity'
import Cluster from '#models/cluster'
import DoctorCheck from '#models/doctor_check'
import { Examination } from '#models/examination'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath } from '#transformers/cluster'
import { doctorPage } from '#transformers/doctor'

/** How well a cluster is, and the examination that finds out. */
export default class ExaminationsController {
  async show({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const capacities = await capacityOfClusters()
    return view.render('pages/admin/clusters/doctor', {
      cluster: clusterPage(cluster, capacities.get(cluster.id)),
      doctor: doctorPage(
        cluster,
        await DoctorCheck.ofCluster(cluster),
        await Examination.progressOf(cluster)
      ),
      can: { act: await policy.allows('act') },
    })
  }

  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    await Examination.ask(cluster)
    await cluster.record('cluster.examined', 'succeeded')
    session.flash('notice', { kind: 'success', message: i18n.t('doctor.asked') })
    return response.redirect().toPath(clusterPath(cluster, 'doctor'))
  }
}
