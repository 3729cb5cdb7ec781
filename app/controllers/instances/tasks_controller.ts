import type { HttpContext } from '@adonisjs/core/http'
import { ClusterSilent, NotFound } from '#exceptions/domain_error'
import { clusterTask, clusterTasks } from '#models/cluster_memory'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { clusterTaskLog, clusterTaskRow } from '#transformers/cluster_task'
import { instanceFrame } from '#transformers/instance_frame'

const SHOWN = 100

/** What the cluster itself says it did with an instance. */
export default class TasksController {
  async index({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    if (!instance.facets.has('taskList')) throw new NotFound()
    const frame = instanceFrame(instance, { membership, home }, 'history')
    // The page is there whatever the cluster is.
    const tasks = await clusterTasks(instance, SHOWN).catch((error) => {
      if (error instanceof ClusterSilent) return null
      throw error
    })
    return view.render('pages/instances/tasks/index', {
      frame,
      tasks: tasks?.map((task) => clusterTaskRow(task, frame.path, frame.isStaff)) ?? null,
    })
  }

  async show({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const frame = instanceFrame(instance, { membership, home }, 'history')
    const { task, log } = await clusterTask(instance, params.id, SHOWN)
    return view.render('pages/instances/tasks/show', {
      frame,
      task: clusterTaskRow(task, frame.path, frame.isStaff),
      log: clusterTaskLog(log, frame.isStaff),
    })
  }
}
