import { DateTime } from 'luxon'
import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import { withOpenOperation } from '#controllers/api/v1/instances/found'
import Instance from '#models/instance'
import Snapshot from '#models/snapshot'
import SnapshotPolicy from '#policies/snapshot_policy'
import { apiPageAmong } from '#transformers/api/v1/page'
import { apiSnapshot } from '#transformers/api/v1/snapshot'
import { pageOf } from '#validators/instance_list'
import { createSnapshotValidator } from '#validators/snapshot'

export default class SnapshotsController {
  async index(ctx: HttpContext) {
    await ctx.bouncer.with(SnapshotPolicy).authorize('view', ctx.membership)
    const instance = await withOpenOperation(ctx)
    const snapshots = await Snapshot.ofInstance(instance)
    const rows = snapshots.map((snapshot) => apiSnapshot(snapshot, instance.openOperation))
    return apiPageAmong(rows, pageOf(ctx.request.qs()))
  }

  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(SnapshotPolicy).authorize('create', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { name, keep_days: days } = await request.validateUsing(createSnapshotValidator)
    const { snapshot, operation } = await instance.snapshot({
      name,
      expiresAt: days ? DateTime.utc().plus({ days }) : null,
      by: auth.getUserOrFail(),
      requestKey: ctx.requestKey,
    })
    await snapshot.load('createdBy')
    return accepted(ctx, instance, operation, { snapshot: apiSnapshot(snapshot, operation) })
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(SnapshotPolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const snapshot = await Snapshot.of(instance, params.id)
    const by = auth.getUserOrFail()
    const operation = await snapshot.remove({ by, requestKey: ctx.requestKey })
    return accepted(ctx, instance, operation)
  }
}
