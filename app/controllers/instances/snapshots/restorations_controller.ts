import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import Instance from '#models/instance'
import Snapshot from '#models/snapshot'
import SnapshotPolicy from '#policies/snapshot_policy'
import { snapshotPage } from '#transformers/snapshot'
import { confirmCopyValidator } from '#validators/snapshot'

/** An instance's disk becomes what it was. */
export default class RestorationsController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(SnapshotPolicy).authorize('restore', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const snapshot = await Snapshot.of(instance, params.id)
    return view.render('pages/instances/snapshots/restore', {
      page: snapshotPage(instance, snapshot, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(SnapshotPolicy).authorize('restore', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const snapshot = await Snapshot.of(instance, params.id)
    const { request_key: requestKey } = await request.validateUsing(
      confirmCopyValidator(snapshot.name)
    )
    const operation = await snapshot.restore({ by: askerOf(ctx), requestKey })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
