import type { HttpContext } from '@adonisjs/core/http'
import { ClusterSilent, NotFound } from '#exceptions/domain_error'
import { BilledInstance } from '#models/billed_instance'
import { clusterTasks } from '#models/cluster_memory'
import { billedClusterTask } from '#transformers/api/billing/task'
import { envelope } from '#transformers/api/billing/envelope'
import { billedTaskList } from '#validators/api_billing'

/** What the cluster itself says it did with a container; null: it tells nothing, or not now. */
export default class ClusterTasksController {
  async index({ billingKey, request, i18n }: HttpContext) {
    const { reference, limit } = await billedTaskList(request)
    const instance = await BilledInstance.of(billingKey!, reference)
    await instance.load('cluster')
    const tasks = await clusterTasks(instance, limit).catch((error) => {
      if (error instanceof ClusterSilent || error instanceof NotFound) return null
      throw error
    })
    const lines = tasks?.map((task) =>
      billedClusterTask(task, i18n.t(`cluster_tasks.type.${task.type}`, { word: task.vendorType }))
    )
    return envelope(i18n.t('billing.read'), lines ?? null)
  }
}
