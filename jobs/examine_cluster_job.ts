import Cluster from '#models/cluster'
import { Examination } from '#models/examination'
import { Tenant } from '#models/concerns/tenant'
import type { ExaminationJob } from '#services/queue'

export default class ExamineClusterJob {
  static queue = 'maintenance'

  handle({ clusterId }: ExaminationJob): Promise<unknown> {
    return Tenant.system('examine a cluster', async () => {
      const cluster = await Cluster.present().where('id', clusterId).first()
      return cluster && new Examination(cluster).run()
    })
  }
}
