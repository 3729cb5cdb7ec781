import { DateTime } from 'luxon'
import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import { NotFound } from '#exceptions/domain_error'
import CopySchedule from '#models/copy_schedule'
import { clusterSnapshots } from '#models/cluster_memory'
import Instance from '#models/instance'
import Snapshot from '#models/snapshot'
import SnapshotPolicy from '#policies/snapshot_policy'
import { snapshotsPage } from '#transformers/snapshot'
import { grown } from '#transformers/snapshot_tree'
import { confirmCopyValidator, createSnapshotValidator } from '#validators/snapshot'

/** States of one instance's disk that are kept in its cluster. */
export default class SnapshotsController {
  async index({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(SnapshotPolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    if (!instance.facets.has('snapshots')) throw new NotFound()
    const snapshots = await Snapshot.ofInstance(instance)
    const tree = snapshots.length > 0 ? await clusterSnapshots(instance) : null
    const schedules = await CopySchedule.ofInstance(instance, 'snapshot')
    return view.render('pages/instances/snapshots/index', {
      page: snapshotsPage(instance, grown(snapshots, tree), schedules, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(SnapshotPolicy).authorize('create', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const {
      name,
      keep_days: days,
      request_key: requestKey,
    } = await request.validateUsing(createSnapshotValidator)
    const { snapshot } = await instance.snapshot({
      name,
      expiresAt: days ? DateTime.utc().plus({ days }) : null,
      by: askerOf(ctx),
      requestKey,
    })
    const message = ctx.i18n.t('snapshots.asked', { name: snapshot.name })
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/snapshots`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(SnapshotPolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const snapshot = await Snapshot.of(instance, params.id)
    const { request_key: requestKey } = await request.validateUsing(
      confirmCopyValidator(snapshot.name)
    )
    const operation = await snapshot.remove({ by: askerOf(ctx), requestKey })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
