import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import Snapshot from '#models/snapshot'
import SnapshotPolicy from '#policies/snapshot_policy'

export default class RestorationsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(SnapshotPolicy).authorize('restore', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const snapshot = await Snapshot.of(instance, params.snapshot_id)
    const by = auth.getUserOrFail()
    const operation = await snapshot.restore({ by, requestKey: ctx.requestKey })
    return accepted(ctx, instance, operation)
  }
}
