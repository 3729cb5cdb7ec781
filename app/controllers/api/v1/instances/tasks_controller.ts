import type { HttpContext } from '@adonisjs/core/http'
import { clusterTask, clusterTasks } from '#models/cluster_memory'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { apiClusterTask, apiClusterTaskWithLog } from '#transformers/api/v1/cluster_task'

const SHOWN = 100

export default class TasksController {
  async index({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.load('cluster')
    const tasks = await clusterTasks(instance, SHOWN)
    return { data: tasks.map(apiClusterTask) }
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.load('cluster')
    const { task, log } = await clusterTask(instance, params.id, SHOWN)
    return { data: apiClusterTaskWithLog(task, log) }
  }
}
