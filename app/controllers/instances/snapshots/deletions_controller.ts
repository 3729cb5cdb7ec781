import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import Snapshot from '#models/snapshot'
import SnapshotPolicy from '#policies/snapshot_policy'
import { snapshotPage } from '#transformers/snapshot'

/** What would go with a snapshot, before it does. */
export default class DeletionsController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(SnapshotPolicy).authorize('destroy', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const snapshot = await Snapshot.of(instance, params.id)
    return view.render('pages/instances/snapshots/delete', {
      page: snapshotPage(instance, snapshot, { membership, home }),
    })
  }
}
