import type { HttpContext } from '@adonisjs/core/http'
import { ClusterSilent, NotFound } from '#exceptions/domain_error'
import { clusterDisks } from '#models/cluster_memory'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { diskRow } from '#transformers/disk'
import { instanceFrame } from '#transformers/instance_frame'

/** The disks of an instance, as its cluster has them now. */
export default class DisksController {
  async index({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    if (!instance.facets.has('disks')) throw new NotFound()
    const frame = instanceFrame(instance, { membership, home }, 'disks')
    // The page is there whatever the cluster is, and before there is a guest.
    const disks = await clusterDisks(instance).catch((error) => {
      if (error instanceof ClusterSilent || error instanceof NotFound) return null
      throw error
    })
    return view.render('pages/instances/disks/index', {
      frame,
      disks: disks?.map((disk) => diskRow(disk, frame.isStaff)) ?? null,
    })
  }
}
