import type { HttpContext } from '@adonisjs/core/http'
import AddressPool from '#models/address_pool'
import { capacityOfClusters } from '#models/capacity'
import Cluster from '#models/cluster'
import DoctorCheck from '#models/doctor_check'
import { driftByCluster } from '#models/drift_list'
import {
  countOrganizations,
  operationCounts,
  operationsByHour,
  troubledOperations,
} from '#models/platform_activity'
import StaffPolicy from '#policies/staff_policy'
import { clusterRow, diagnosisOf } from '#transformers/cluster'
import {
  doctorTotals,
  hourChart,
  operationTotals,
  totals,
  troubledOperation,
} from '#transformers/dashboard'

export default class DashboardController {
  async show({ bouncer, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const clusters = await Cluster.present().orderBy('name')
    const capacities = await capacityOfClusters()
    const addresses = await AddressPool.freeByCluster()
    const troubled = await troubledOperations()
    const [drift, troubles] = [await driftByCluster(), await DoctorCheck.troubles()]
    return view.render('pages/admin/dashboard', {
      clusters: clusters.map((cluster) => ({
        ...clusterRow(cluster, capacities.get(cluster.id)),
        diagnosis: diagnosisOf(cluster),
        freeAddresses: addresses.get(cluster.id) ?? null,
      })),
      totals: totals(clusters.flatMap(({ id }) => capacities.get(id) ?? [])),
      freeAddresses: [...addresses.values()].reduce((sum, free) => sum + free, 0),
      drift: [...drift.values()].reduce((sum, count) => sum + count, 0),
      doctor: doctorTotals(clusters, troubles),
      organizations: await countOrganizations(),
      operations: operationTotals(await operationCounts()),
      troubled: troubled.map(troubledOperation),
      chart: hourChart(await operationsByHour()),
      can: { act: await policy.allows('act'), configure: await policy.allows('configure') },
    })
  }
}
